"""Skipping: somebody else is asked, and after too many the task is parked."""

from datetime import timedelta

import pytest
from django.db.models.functions import Now

from projects.errors import Missing, NotAllowed
from projects.teams import grants
from tasks.annotation.submit import submit
from tasks.assignment import lease
from tasks.assignment.lease import LeaseLost, take
from tasks.assignment.models import Assignment, AssignmentStatus
from tasks.assignment.skip import skip
from tasks.task import Status


def skipped(assignment, by, reason="blurred"):
    return skip(assignment.pk, annotator=by, lease_token=assignment.lease_token, reason=reason)


def statuses(task):
    return sorted(Assignment.objects.filter(task=task).values_list("number", "status"))


def test_a_fresh_assignment_takes_its_place(make, faces, ann):
    task = make.task(faces)

    skipped(take(faces, annotator=ann), ann)

    assert statuses(task) == [(1, "skipped"), (2, "open"), (3, "open")]
    assert Assignment.objects.get(number=1).reason == "blurred"


def test_she_is_not_asked_again(make, faces, ann):
    make.task(faces)

    skipped(take(faces, annotator=ann), ann)

    assert take(faces, annotator=ann) is None


def test_the_wanted_answers_can_still_be_reached(make, faces, ann, ben, cy):
    task = make.task(faces)
    skipped(take(faces, annotator=ann), ann)

    for person in (ben, cy):
        got = take(faces, annotator=person)
        submit(got.pk, annotator=person, lease_token=got.lease_token, attributes={}, seconds=1, **make.answer())

    task.refresh_from_db()
    assert (task.answers, task.status) == (2, Status.MERGING)


def test_twice_is_once(make, faces, ann):
    task = make.task(faces)
    assignment = take(faces, annotator=ann)

    skipped(assignment, ann)
    skipped(assignment, ann)

    assert len(statuses(task)) == 3


def test_after_too_many_the_task_is_parked(make, mara, ann, ben, django_capture_on_commit_callbacks):
    project = make.project(mara, people=[(ann, "annotator"), (ben, "annotator")], max_skips=2)
    task = make.task(project)
    skipped(take(project, annotator=ann), ann)

    with django_capture_on_commit_callbacks() as callbacks:
        skipped(take(project, annotator=ben), ben)

    task.refresh_from_db()
    assert task.status == Status.ADJUDICATION
    assert AssignmentStatus.OPEN not in {status for _, status in statuses(task)}
    assert len(callbacks) == 1


def test_never_where_the_policy_says_never(make, mara, ann, ben):
    project = make.project(mara, people=[(ann, "annotator"), (ben, "annotator")], max_skips=0)
    task = make.task(project)

    for person in (ann, ben):
        skipped(take(project, annotator=person), person)

    task.refresh_from_db()
    assert task.status == Status.OPEN


def test_what_is_in_hand_when_the_task_is_parked_may_be_skipped_too(make, mara, ann, ben):
    project = make.project(mara, people=[(ann, "annotator"), (ben, "annotator")], max_skips=1)
    task = make.task(project)
    first, second = take(project, annotator=ann), take(project, annotator=ben)

    skipped(first, ann)
    skipped(second, ben)

    assert statuses(task) == [(1, "skipped"), (2, "skipped")]


def test_a_lapsed_assignment_may_be_skipped_until_it_is_freed(make, faces, ann):
    make.task(faces), make.task(faces)
    one, two = take(faces, annotator=ann), take(faces, annotator=ann)
    Assignment.objects.filter(annotator=ann).update(leased_until=Now() - timedelta(seconds=1))

    assert skipped(one, ann).status == AssignmentStatus.SKIPPED

    lease.free_lapsed()
    with pytest.raises(LeaseLost):
        skipped(two, ann)


def test_not_with_another_token(make, faces, ann):
    make.task(faces)
    assignment = take(faces, annotator=ann)

    with pytest.raises(LeaseLost):
        skip(assignment.pk, annotator=ann, lease_token=9, reason="blurred")


def test_not_anothers(make, faces, ann, ben):
    make.task(faces)

    with pytest.raises(Missing):
        skipped(take(faces, annotator=ann), ben)


def test_not_by_who_is_an_annotator_no_longer(make, faces, mara, ann):
    make.task(faces)
    assignment = take(faces, annotator=ann)
    grants.withdraw(faces, role="annotator", to=ann, by=mara)

    with pytest.raises(NotAllowed):
        skipped(assignment, ann)


def test_through_the_api_with_a_reason(as_, make, faces, ann):
    make.task(faces)
    client = as_(ann)
    piece = client.post(f"/api/v1/projects/{faces.pk}/pull", {}).json()
    address, token = f"/api/v1/assignments/{piece['assignment']}/skip", piece["lease"]["token"]

    without = client.post(address, {"lease_token": token, "reason": "  "})
    done = client.post(address, {"lease_token": token, "reason": "a cat"})

    assert (without.status_code, without.json()["errors"][0]["pointer"]) == (422, "/reason")
    assert (done.status_code, done.json()) == (200, {"assignment": piece["assignment"]})
