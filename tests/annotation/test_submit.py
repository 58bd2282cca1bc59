"""Submitting an answer: taken once, exactly as it came, or refused without losing it."""

import math
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db.models.functions import Now

from projects.audit.models import Event
from projects.errors import Invalid, Missing, NotAllowed
from projects.teams import grants
from tasks.annotation.draft import AlreadySubmitted
from tasks.annotation.models import Annotation, Draft
from tasks.annotation.submit import submit
from tasks.assignment import lease, withdraw
from tasks.assignment.models import Assignment
from tasks.task import Status, Task


@pytest.fixture
def give(make):
    """`give(assignment, ann)`: submit a good answer, or one with some parts changed."""

    def giving(assignment, annotator, **other):
        body = {"lease_token": assignment.lease_token, "attributes": {}, "seconds": 4.5} | make.answer() | other
        return submit(assignment.pk, annotator=annotator, **body)

    return giving


def lapse(assignment):
    Assignment.objects.filter(pk=assignment.pk).update(leased_until=Now() - timedelta(seconds=1))


def test_an_answer_is_kept_bit_for_bit(make, faces, ann, give):
    task = make.task(faces)
    odd = [[0.1 + 0.2, 1 / 3], [math.nextafter(50.0, 51.0), 5e-324], None, [-0.5, 99.5], [99.49999999999999, 7]]

    annotation, created = give(
        lease.take(faces, annotator=ann), ann, points=odd, visibility=[2, 1, 0, 2, 2], attributes={"glasses": True}
    )

    kept = Annotation.objects.get(pk=annotation.pk)
    assert created
    assert kept.points == odd
    assert kept.visibility == [2, 1, 0, 2, 2]
    assert kept.attributes == {"glasses": True}
    assert (kept.task, kept.annotator, kept.schema, kept.round) == (task, ann, faces.schema, 1)
    assert kept.leased_at <= kept.submitted_at


def test_the_task_counts_and_the_draft_goes(make, faces, ann, give):
    task = make.task(faces)
    Draft.objects.create(task=task, annotator=ann, **make.answer(1))

    give(lease.take(faces, annotator=ann), ann)

    task.refresh_from_db()
    assert (task.answers, task.status) == (1, Status.OPEN)
    assert not Draft.objects.exists()
    assert Event.objects.filter(verb="annotation.submitted", actor=ann).count() == 1


def test_the_last_answer_sends_the_task_to_merging(make, faces, ann, ben, give):
    task = make.task(faces)

    give(lease.take(faces, annotator=ann), ann)
    give(lease.take(faces, annotator=ben), ben)

    task.refresh_from_db()
    assert (task.answers, task.status) == (2, Status.MERGING)


def test_the_same_answer_again_is_the_same_annotation(make, faces, ann, give):
    make.task(faces)
    assignment = lease.take(faces, annotator=ann)

    first, created = give(assignment, ann, seconds=4.5)
    again, created_again = give(assignment, ann, seconds=4.9)

    assert (created, created_again) == (True, False)
    assert first.pk == again.pk
    assert Task.objects.get().answers == 1


def test_also_after_the_task_has_moved_on(make, faces, ann, give):
    make.task(faces, wanted=1)
    assignment = lease.take(faces, annotator=ann)

    first, _ = give(assignment, ann)
    again, _ = give(assignment, ann)

    assert Task.objects.get().status == Status.MERGING
    assert first.pk == again.pk


def test_another_answer_to_the_same_assignment_is_refused(make, faces, ann, give):
    make.task(faces)
    assignment = lease.take(faces, annotator=ann)
    give(assignment, ann)

    with pytest.raises(AlreadySubmitted):
        give(assignment, ann, **make.answer(1))

    assert Annotation.objects.get().points == make.answer()["points"]


def test_a_late_answer_is_taken_while_the_lease_is_not_freed(make, faces, ann, give):
    make.task(faces)
    assignment = lease.take(faces, annotator=ann)
    lapse(assignment)

    _, created = give(assignment, ann)

    assert created


def test_a_late_answer_is_taken_when_nobody_else_took_the_freed_assignment(make, faces, ann, give):
    make.task(faces)
    assignment = lease.take(faces, annotator=ann)
    lapse(assignment)
    assert lease.free_lapsed() == 1

    annotation, created = give(assignment, ann)

    assert created
    assert annotation.leased_at is not None
    assert Task.objects.get().answers == 1


def test_a_late_answer_is_kept_as_a_draft_when_somebody_else_has_it(make, faces, ann, ben, give):
    task = make.task(faces, wanted=1)
    assignment = lease.take(faces, annotator=ann)
    lapse(assignment)
    assert lease.take(faces, annotator=ben) == assignment

    with pytest.raises(lease.LeaseLost):
        give(assignment, ann)

    assert Draft.objects.get(task=task, annotator=ann).points == make.answer()["points"]
    assert not Annotation.objects.exists()
    assert Event.objects.filter(verb="annotation.late", actor=ann).exists()


def test_a_late_answer_is_kept_as_a_draft_when_she_has_another_assignment_of_the_task(make, faces, ann, give):
    task = make.task(faces)
    first = lease.take(faces, annotator=ann)
    lapse(first)
    lease.free_lapsed()
    Assignment.objects.filter(pk=first.pk).update(number=9)
    second = lease.take(faces, annotator=ann)
    assert second.task == task

    with pytest.raises(lease.LeaseLost):
        give(first, ann)

    assert Draft.objects.filter(task=task, annotator=ann).exists()


def test_a_late_answer_is_kept_as_a_draft_when_somebody_else_had_it_meanwhile(make, faces, ann, ben, give):
    task = make.task(faces, wanted=1)
    hers = lease.take(faces, annotator=ann)
    lapse(hers)
    his = lease.take(faces, annotator=ben)
    lease.release(his.pk, annotator=ben, lease_token=his.lease_token)

    with pytest.raises(lease.LeaseLost):
        give(hers, ann)

    assert Draft.objects.filter(task=task, annotator=ann).exists()


def test_an_old_token_is_refused_and_the_answer_kept(make, faces, ann, give):
    make.task(faces, wanted=1)
    old = lease.take(faces, annotator=ann)
    lease.release(old.pk, annotator=ann, lease_token=old.lease_token)
    new = lease.take(faces, annotator=ann)
    assert (new, new.lease_token) == (old, old.lease_token + 1)

    with pytest.raises(lease.LeaseLost):
        give(old, ann)

    assert Draft.objects.filter(annotator=ann).exists()


def test_an_answer_to_a_withdrawn_task_is_kept_as_a_draft(make, faces, mara, ann, give):
    task = make.task(faces)
    assignment = lease.take(faces, annotator=ann)
    withdraw.withdraw(task, by=mara, reason="The picture is of a cat.")

    with pytest.raises(lease.LeaseLost):
        give(assignment, ann)

    assert Draft.objects.filter(task=task, annotator=ann).exists()


def test_an_answer_to_a_parked_task_is_taken(make, faces, ann, give):
    task = make.task(faces)
    assignment = lease.take(faces, annotator=ann)
    Task.objects.filter(pk=task.pk).update(status=Status.ADJUDICATION)

    give(assignment, ann)

    task.refresh_from_db()
    assert (task.answers, task.status) == (1, Status.ADJUDICATION)


def test_work_in_hand_of_a_paused_project_is_taken(make, faces, ann, give):
    make.task(faces)
    assignment = lease.take(faces, annotator=ann)
    type(faces).objects.filter(pk=faces.pk).update(status="paused")

    assert give(assignment, ann)[1]


def test_who_is_an_annotator_no_longer_is_refused_and_her_answer_kept(make, faces, mara, ann, give):
    task = make.task(faces)
    assignment = lease.take(faces, annotator=ann)
    grants.withdraw(faces, role="annotator", to=ann, by=mara)

    with pytest.raises(NotAllowed):
        give(assignment, ann)

    assert Draft.objects.filter(task=task, annotator=ann).exists()
    assert not Annotation.objects.exists()


def test_another_persons_assignment_is_missing(make, faces, ann, ben, give):
    make.task(faces)
    assignment = lease.take(faces, annotator=ann)

    with pytest.raises(Missing):
        give(assignment, ben)

    assert not Draft.objects.exists()


def test_an_unknown_assignment_is_missing(faces, ann, make):
    with pytest.raises(Missing):
        submit(uuid4(), annotator=ann, lease_token=1, attributes={}, seconds=1, **make.answer())


def test_a_bad_answer_is_refused_and_the_lease_stays(make, faces, ann, give):
    make.task(faces)
    assignment = lease.take(faces, annotator=ann)

    with pytest.raises(Invalid) as refused:
        give(assignment, ann, points=[[1, 2]], seconds=-1)

    assert [each["pointer"] for each in refused.value.errors] == ["/points", "/seconds"]
    assert give(assignment, ann)[1]
