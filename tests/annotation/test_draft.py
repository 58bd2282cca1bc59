"""Drafts: kept as far as they go, even when the lease is lost, and never anybody else's to see."""

import pytest

from projects.errors import Invalid, Missing, NotAllowed
from projects.teams import grants
from tasks.annotation.draft import AlreadySubmitted, save
from tasks.annotation.models import Draft
from tasks.annotation.submit import submit
from tasks.assignment.lease import LeaseLost, release, take


def saved(assignment, by, answer, **other):
    return save(assignment.pk, annotator=by, **({"lease_token": assignment.lease_token} | answer | other))


@pytest.fixture
def assignment(make, faces, ann):
    make.task(faces)
    return take(faces, annotator=ann)


def test_the_last_one_said_counts(assignment, make, ann):
    saved(assignment, ann, make.answer(1))
    saved(assignment, ann, make.answer(2))

    assert Draft.objects.get().points == make.answer(2)["points"]


def test_it_need_not_be_complete_nor_inside_the_picture(assignment, ann):
    saved(assignment, ann, {"points": [None, [-500.0, 7.25], None, None, None], "visibility": [0, 0, 2, 0, 0]})

    assert Draft.objects.get().points[1] == [-500.0, 7.25]


def test_the_lease_does_not_grow(assignment, make, ann):
    saved(assignment, ann, make.answer())

    until = assignment.leased_until
    assignment.refresh_from_db()
    assert assignment.leased_until == until


@pytest.mark.parametrize(
    ("part", "pointer"),
    [
        ({"points": [None]}, "/points"),
        ({"points": "none"}, "/points"),
        ({"points": [["a", 1], None, None, None, None]}, "/points/0"),
        ({"visibility": [0, 0, 3, 0, 0]}, "/visibility/2"),
    ],
)
def test_it_must_have_the_right_shape(assignment, make, ann, part, pointer):
    with pytest.raises(Invalid) as refused:
        saved(assignment, ann, make.answer() | part)

    assert [each["pointer"] for each in refused.value.errors] == [pointer]
    assert not Draft.objects.exists()


def test_without_the_lease_it_is_refused_and_kept(assignment, make, ann):
    release(assignment.pk, annotator=ann, lease_token=assignment.lease_token)

    with pytest.raises(LeaseLost):
        saved(assignment, ann, make.answer())

    assert Draft.objects.get().annotator == ann


def test_after_the_answer_there_is_nothing_to_draft(assignment, make, ann):
    token = assignment.lease_token
    submit(assignment.pk, annotator=ann, lease_token=token, attributes={}, seconds=1, **make.answer())

    with pytest.raises(AlreadySubmitted):
        saved(assignment, ann, make.answer(1))

    assert not Draft.objects.exists()


def test_not_on_anothers_assignment(assignment, make, ben):
    with pytest.raises(Missing):
        saved(assignment, ben, make.answer())

    assert not Draft.objects.exists()


def test_who_is_an_annotator_no_longer_is_refused(assignment, make, faces, mara, ann):
    grants.withdraw(faces, role="annotator", to=ann, by=mara)

    with pytest.raises(NotAllowed):
        saved(assignment, ann, make.answer())

    assert Draft.objects.exists()


def test_through_the_api(as_, assignment, make, ann):
    address = f"/api/v1/assignments/{assignment.pk}/draft"
    client = as_(ann)

    done = client.put(address, {"lease_token": "1"} | make.answer())
    lost = client.put(address, {"lease_token": "2"} | make.answer(5))

    assert (done.status_code, set(done.json())) == (200, {"saved_at"})
    assert (lost.status_code, lost.json()["code"]) == (409, "lease_lost")
    assert Draft.objects.get().points == make.answer(5)["points"]
