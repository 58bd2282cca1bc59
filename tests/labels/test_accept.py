"""Accepting landmarks as an asset's label."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from projects.audit.models import Event
from projects.labels.accept import accept
from projects.labels.models import Label
from tests.make import SQUARE

CONTENT = {
    "points": SQUARE,
    "visibility": [2] * 5,
    "covariance": [[1.0, 0.0, 0.0, 1.0]] * 4 + [None],
    "answers": 2,
    "agreement": 0.9,
    "method": "median",
    "method_version": "1",
    "checked_layers": 1,
    "corrected": False,
}


def test_the_first_label_is_version_one_and_goes_on_record(make, faces, mara):
    asset = make.asset(faces)

    label = accept(asset, **CONTENT, by=mara)

    assert (label.version, label.is_current, label.project, label.schema) == (1, True, faces, faces.schema)
    assert Label.objects.get().points == SQUARE
    assert Label.objects.get().covariance == CONTENT["covariance"]
    assert Event.objects.get(verb="label.accepted").actor == mara


def test_the_same_again_makes_no_new_version(make, faces):
    asset = make.asset(faces)

    first, again = accept(asset, **CONTENT, by=None), accept(asset, **CONTENT, by=None)

    assert first.pk == again.pk
    assert Event.objects.filter(verb="label.accepted").count() == 1


def test_other_content_is_the_next_version_and_the_only_current_one(make, faces):
    asset = make.asset(faces)
    accept(asset, **CONTENT, by=None)

    accept(asset, **(CONTENT | {"points": [None, *SQUARE[1:]], "visibility": [0, 2, 2, 2, 2]}), by=None)

    assert list(Label.objects.order_by("version").values_list("version", "is_current")) == [(1, False), (2, True)]


@pytest.mark.django_db(transaction=True)
def test_two_who_accept_at_once_leave_one_current_label(make, faces):
    asset = make.asset(faces)
    together = threading.Barrier(4)

    def work(answers):
        together.wait()
        accept(asset, **(CONTENT | {"answers": answers}), by=None)
        connection.close()

    with ThreadPoolExecutor(4) as workers:
        list(workers.map(work, (1, 2, 3, 4)))

    assert sorted(Label.objects.values_list("version", flat=True)) == [1, 2, 3, 4]
    assert Label.objects.filter(is_current=True).count() == 1
