"""Submitting through the API: the contract's body, its refusals, and a repeated request."""

import pytest

from tasks.annotation.models import Annotation, Draft
from tasks.assignment.models import Assignment


@pytest.fixture
def pulled(as_, make, faces, ann):
    make.task(faces)
    return as_(ann).post(f"/api/v1/projects/{faces.pk}/pull", {}).json()


@pytest.fixture
def send(as_, make, ann, pulled):
    def sending(*, by=ann, key=None, without=(), **other):
        body = {"lease_token": pulled["lease"]["token"], "seconds": 3.5} | make.answer() | other
        body = {name: value for name, value in body.items() if name not in without}
        headers = {"Idempotency-Key": key} if key else {}
        return as_(by).post(f"/api/v1/assignments/{pulled['assignment']}/submit", body, headers=headers)

    return sending


def test_an_answer_is_taken(send):
    answer = send(attributes={"note": "frown"})

    assert answer.status_code == 201
    assert answer.json() == {"annotation": str(Annotation.objects.get().pk)}


def test_the_token_may_be_a_number(send):
    assert send(lease_token=1).status_code == 201


@pytest.mark.parametrize("token", ["", "-1", "1.0", "x", "１", True, 1.0, None, 2**63, [1]])
def test_no_other_token_is_read(send, token):
    answer = send(lease_token=token)

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == "/lease_token"


@pytest.mark.parametrize("name", ["lease_token", "points", "visibility", "seconds"])
def test_what_must_be_there_is_named(send, name):
    answer = send(without=[name])

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == f"/{name}"


def test_fields_that_are_not_hers_to_set_are_refused(send):
    answer = send(annotator="ben", round=7)

    assert answer.status_code == 422
    assert {each["pointer"] for each in answer.json()["errors"]} == {"/annotator", "/round"}


@pytest.mark.parametrize("key", [None, "a key"])
def test_a_repeated_request_gets_the_same_annotation(send, key):
    first, again = send(key=key), send(key=key)

    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json() == again.json()
    assert Annotation.objects.count() == 1


def test_another_answer_is_409(send, make):
    send()

    answer = send(**make.answer(2))

    assert answer.status_code == 409
    assert answer.json()["code"] == "already_submitted"


@pytest.mark.parametrize("key", [None, "a key"])
def test_a_lost_lease_is_409_and_the_draft_is_there(send, key, ann, ben):
    Assignment.objects.filter(annotator=ann).update(annotator=ben, lease_token=2)

    answer = send(key=key)

    assert answer.status_code == 409
    assert answer.json()["code"] == "lease_lost"
    assert Draft.objects.filter(annotator=ann).exists()


def test_others_do_not_find_it(send, ben, mara, theo):
    for person in (ben, mara, theo):
        assert send(by=person).status_code == 404


def test_a_body_that_no_answer_needs_is_too_large(send):
    answer = send(attributes={"note": "x" * 300_000})

    assert answer.status_code == 413


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b'"x"',
        b"{",
        b"\xff\xfe",
        b'{"seconds": NaN}',
        b'{"attributes": ' + b'{"a":' * 40_000,
        b"[" * 200_000,
    ],
)
def test_a_body_that_is_no_answer_is_422(as_, pulled, ann, body):
    address = f"/api/v1/assignments/{pulled['assignment']}/submit"

    answer = as_(ann).post(address, data=body, content_type="application/json")

    assert answer.status_code == 422


@pytest.mark.parametrize("last", [True, False])
def test_a_submission_costs_few_queries(as_, make, faces, ann, django_assert_max_num_queries, last):
    make.task(faces, wanted=1 if last else 2)
    client = as_(ann)
    piece = client.post(f"/api/v1/projects/{faces.pk}/pull", {}).json()
    body = {"lease_token": piece["lease"]["token"], "seconds": 3.5} | make.answer()

    with django_assert_max_num_queries(14):
        answer = client.post(f"/api/v1/assignments/{piece['assignment']}/submit", body)

    assert answer.status_code == 201
