"""Entering pictures by description."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from projects.audit.models import Event
from projects.datasets.intake.describe import Description
from projects.datasets.intake.register import register
from projects.datasets.models import Asset, Sequence


def items(count, **more):
    return [
        {"key": f"k{n}", "url": f"https://example.org/{n}.jpg", "width": 64, "height": 48} | more for n in range(count)
    ]


def send(client, project, rows):
    return client.post(f"/api/v1/projects/{project.pk}/assets", {"items": rows})


def test_pictures_are_entered_with_address_and_facts(faces, mara, as_):
    rows = items(3, subject_id="anna", sequence="walk", frame=7, consent="c", metadata={"light": "dim"})

    response = send(as_(mara), faces, rows)

    assert response.status_code == 201
    body = response.json()
    assert (body["created"], body["existing"], body["refused"]) == (3, 0, [])
    asset = Asset.objects.get(pk=body["items"][1])
    assert (asset.key, asset.url, asset.width, asset.height) == ("k1", "https://example.org/1.jpg", 64, 48)
    assert (asset.subject_id, asset.frame, asset.metadata) == ("anna", 7, {"light": "dim"})
    assert Sequence.objects.get().frames.count() == 3
    assert Event.objects.get(verb="import.finished").facts["created"] == 3


def test_a_picture_that_stays_with_its_client_needs_only_a_key(faces, mara, as_):
    body = send(as_(mara), faces, [{"key": "fish-1"}]).json()

    shown = as_(mara).get(f"/api/v1/assets/{body['items'][0]}").json()

    assert (shown["key"], shown["image_url"], shown["sha256"]) == ("fish-1", None, None)


def test_entering_twice_is_entering_once(faces, mara, as_):
    first = send(as_(mara), faces, items(3)).json()

    again = send(as_(mara), faces, items(4) + items(1)).json()

    assert (again["created"], again["existing"]) == (1, 4)
    assert again["items"][:3] == first["items"]
    assert again["items"][4] == first["items"][0]
    assert Asset.objects.count() == 4


def test_a_bad_item_does_not_spoil_the_others(faces, mara, as_):
    rows = [
        {"key": "a", "url": "ftp://example.org/a.jpg"},
        {"key": "b", "url": "javascript:alert(1)"},
        {"key": "c", "url": "http://user:secret@example.org/c.jpg"},
        {"url": "https://example.org/nokey.jpg"},
        {"key": "d", "width": 0},
        {"key": "e", "owner": "me"},
        "f",
        {"key": "good"},
        {"key": "good", "url": "https://example.org/another.jpg"},
    ]

    body = send(as_(mara), faces, rows).json()

    assert body["created"] == 1
    assert [(each["index"], each["code"]) for each in body["refused"]] == [
        *((index, "bad_description") for index in range(7)),
        (8, "key_taken"),
    ]
    assert "http or https" in body["refused"][0]["detail"]


@pytest.mark.parametrize("body", [[], {}, {"items": {}}, {"items": [], "project": "x"}, "text"])
def test_what_is_no_list_is_refused(faces, mara, as_, body):
    response = as_(mara).post(f"/api/v1/projects/{faces.pk}/assets", body)

    assert response.status_code == 422


def test_a_list_that_is_too_long_is_refused(faces, mara, as_):
    response = send(as_(mara), faces, [{"key": str(n)} for n in range(1001)])

    assert response.status_code == 413
    assert not Asset.objects.exists()


def test_a_long_list_takes_few_queries(faces, mara, django_assert_max_num_queries):
    rows = [Description(key=f"k{n}", sequence=f"s{n % 7}", dataset=f"d{n % 2}") for n in range(500)]

    with django_assert_max_num_queries(16):
        outcomes = register(faces, rows, by=mara)

    assert sum(each.created for each in outcomes) == 500


@pytest.mark.django_db(transaction=True)
def test_two_who_enter_the_same_list_at_once_make_one_asset_per_key(faces, mara):
    rows = [Description(key=f"k{n:03}", sequence=f"s{n % 5}") for n in range(200)]

    def enter(order):
        try:
            return register(faces, rows[::order], by=mara)
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as pool:
        done = list(pool.map(enter, [1, -1] * 3))

    assert sum(each.created for outcomes in done for each in outcomes) == 200
    assert all(each.asset_id for outcomes in done for each in outcomes)
    assert Asset.objects.count() == 200


def test_only_who_manages_enters_pictures(faces, ann, rita, clea, theo, as_):
    assert [send(as_(person), faces, items(1)).status_code for person in (ann, rita, clea)] == [403] * 3
    assert send(as_(theo), faces, items(1)).status_code == 404
