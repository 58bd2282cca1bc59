"""One's own past answers, and nobody else's."""

import pytest


@pytest.fixture
def answer(as_, make, faces):
    def answering(person):
        client = as_(person)
        piece = client.post(f"/api/v1/projects/{faces.pk}/pull", {}).json()
        body = {"lease_token": piece["lease"]["token"], "seconds": 1.5, "attributes": {"hat": True}} | make.answer()
        given = client.post(f"/api/v1/assignments/{piece['assignment']}/submit", body).json()
        return piece, given["annotation"]

    return answering


def test_she_sees_what_she_answered_and_no_more(as_, make, faces, ann, ben, answer):
    make.task(faces)
    piece, annotation = answer(ann)
    answer(ben)

    items = as_(ann).get("/api/v1/annotations").json()["items"]

    assert len(items) == 1
    when = items[0].pop("submitted_at")
    assert when.endswith("Z")
    assert items[0] == make.answer() | {
        "id": annotation,
        "assignment": piece["assignment"],
        "project": str(faces.pk),
        "task": piece["task"],
        "asset": {"id": piece["asset"]["id"], "key": piece["asset"]["key"]},
        "schema": str(faces.schema_id),
        "attributes": {"hat": True},
        "seconds": 1.5,
    }


def test_a_manager_who_answered_nothing_sees_nothing_here(as_, make, faces, mara, ann, answer):
    make.task(faces)
    answer(ann)

    assert as_(mara).get("/api/v1/annotations").json() == {"items": [], "next": None}


def test_a_page_costs_few_queries(as_, make, faces, ann, answer, django_assert_max_num_queries):
    for _ in range(6):
        make.task(faces)
        answer(ann)
    client = as_(ann)

    with django_assert_max_num_queries(3):
        assert len(client.get(f"/api/v1/annotations?project={faces.pk}").json()["items"]) == 6


def test_only_known_filters(as_, faces, ann):
    assert as_(ann).get("/api/v1/annotations?annotator=ben").status_code == 422
