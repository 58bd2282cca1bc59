"""Merging a task's answers."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from projects.audit.models import Event
from projects.policy import CHOICES
from tasks.consensus.merge import NothingToMerge, UnknownMerger, merge
from tasks.consensus.models import Consensus
from tests.answers import an_annotation
from tests.make import SQUARE


def test_two_answers_give_their_midpoint_with_a_covariance_and_an_agreement(make, faces, ann, ben):
    task = make.task(faces)
    an_annotation(task, ann)
    an_annotation(task, ben, shift=2.0)

    consensus = merge(task.pk)

    assert consensus.points == [[x + 1.0, y] for x, y in SQUARE]
    assert consensus.visibility == [2] * 5
    assert (consensus.answers, consensus.method, consensus.is_current) == (2, "median", True)
    assert 0 < consensus.agreement < 1
    assert all(len(row) == 4 and row[0] > 0 and row[3] > 0 for row in consensus.covariance)
    assert [entry["weight"] for entry in consensus.weights] == [0.5, 0.5]
    assert [entry["residual"] for entry in consensus.weights] == [1.0, 1.0]
    assert Event.objects.filter(verb="consensus.merged", project_id=faces.pk).count() == 1


def test_one_answer_comes_back_bit_for_bit_and_nobody_agrees_with_it(make, faces, ann):
    task = make.task(faces, wanted=1)
    points = [[0.1 + 0.2, 1 / 3], None, [50.0, 1e-9], [35.0, 70.0], [65.0, 70.0]]
    an_annotation(task, ann, points=points, visibility=[2, 0, 1, 2, 2])

    consensus = merge(task.pk)

    assert consensus.points == points
    assert consensus.visibility == [2, 0, 1, 2, 2]
    assert consensus.covariance[1] is None
    assert consensus.agreement is None


def test_answers_that_place_nothing_merge_to_nothing(make, faces, ann, ben):
    task = make.task(faces)
    for person in (ann, ben):
        an_annotation(task, person, points=[None] * 5, visibility=[0] * 5)

    consensus = merge(task.pk)

    assert consensus.points == consensus.covariance == [None] * 5
    assert consensus.agreement is None


def test_the_same_answers_find_the_same_row(make, faces, ann, ben):
    task = make.task(faces)
    an_annotation(task, ann)
    an_annotation(task, ben, shift=2.0)

    first, again = merge(task.pk), merge(task.pk)

    assert first.pk == again.pk
    assert Consensus.objects.count() == 1


def test_another_set_of_answers_replaces_the_consensus_and_keeps_the_former(make, faces, ann, ben):
    task = make.task(faces)
    an_annotation(task, ann)
    former = merge(task.pk)
    an_annotation(task, ben, shift=2.0)

    latest = merge(task.pk)

    former.refresh_from_db()
    assert (former.is_current, latest.is_current) == (False, True)
    assert Consensus.objects.filter(task=task).count() == 2


def test_only_answers_of_the_present_round_are_merged(make, faces, ann, ben):
    task = make.task(faces)
    an_annotation(task, ann, shift=30.0)
    task.round, task.answers = 2, 0
    task.save(update_fields=["round", "answers"])
    an_annotation(task, ben)

    consensus = merge(task.pk)

    assert consensus.points == SQUARE
    assert (consensus.round, consensus.answers) == (2, 1)


@pytest.mark.parametrize("name", CHOICES["merger"])
def test_every_merger_of_the_policy_merges_and_finds_its_own_row_again(make, mara, ann, ben, cy, name):
    task = make.task(make.project(mara, merger=name), wanted=3)
    for place, person in enumerate((ann, ben, cy)):
        an_annotation(task, person, shift=float(place))

    first, again = merge(task.pk), merge(task.pk)

    assert first.pk == again.pk
    assert (first.method, first.answers) == (name, 3)
    assert first.points[0] == pytest.approx([31.0, 30.0], abs=0.5)


def test_nothing_is_merged_before_anybody_answered(make, faces):
    task = make.task(faces)

    with pytest.raises(NothingToMerge):
        merge(task.pk)


def test_a_merger_that_is_not_installed_is_refused_and_nothing_stands_in_for_it(make, faces, ann, monkeypatch):
    monkeypatch.setattr("tasks.consensus.merge.MERGERS", {})
    task = make.task(faces, wanted=1)
    an_annotation(task, ann)

    with pytest.raises(UnknownMerger):
        merge(task.pk)

    assert not Consensus.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_make_one_row(make, faces, ann, ben):
    task = make.task(faces)
    an_annotation(task, ann)
    an_annotation(task, ben, shift=2.0)
    together = threading.Barrier(4)

    def work(_):
        together.wait()
        found = merge(task.pk).pk
        connection.close()
        return found

    with ThreadPoolExecutor(4) as workers:
        found = list(workers.map(work, range(4)))

    assert len(found) == 4
    assert len(set(found)) == Consensus.objects.count() == 1
