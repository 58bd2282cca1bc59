"""Submitting: one transaction from the lease to the kept answer.

Rows are locked in this order, as everywhere: person, task, assignment. The person is locked only for a late answer.
"""

from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import transaction

from projects.audit.trail import record
from projects.background import enqueue
from projects.teams.rights import holds, require
from tasks import lifecycle
from tasks.annotation.check import Rows, check_answer
from tasks.annotation.draft import AlreadySubmitted, keep_late
from tasks.annotation.models import Annotation, Draft
from tasks.assignment.lease import LeaseLost, find, lock_person, once_held
from tasks.assignment.models import Assignment, AssignmentStatus
from tasks.assignment.sql import COUNT_ANSWER
from tasks.task import Status, Task

if TYPE_CHECKING:
    from projects.teams.models import User


@dataclass(frozen=True)
class Answer:
    points: Rows  # px
    visibility: list[int]
    attributes: dict[str, Any]
    seconds: float

    def is_that_of(self, given: Annotation) -> bool:
        """The same content; `seconds` tells of the work, not of the face, and may differ between two sendings."""
        same = given.points == self.points and given.visibility == self.visibility
        return same and given.attributes == self.attributes


def submit(
    assignment_id: UUID,
    *,
    annotator: "User",
    lease_token: int,
    points: object,
    visibility: object,
    attributes: object,
    seconds: object,
) -> tuple[Annotation, bool]:
    """Take the answer; the annotation, and whether it is new. The same answer again finds the same annotation.

    A lapsed lease is no obstacle as long as nobody else has the assignment. If somebody has, or the task is not wanted
    any more, or the person may not annotate any more, the answer is committed as her draft before it is refused.
    """
    assignment = find(assignment_id, annotator=annotator)
    answer = Answer(
        *check_answer(
            points,
            visibility,
            attributes,
            seconds,
            schema=assignment.project.schema,
            asset=assignment.task.asset,
            asked=assignment.landmarks,
        )
    )
    if not holds(annotator, "annotate", assignment.project):
        if assignment.status != AssignmentStatus.SUBMITTED:
            keep_late(assignment, annotator=annotator, points=answer.points, visibility=answer.visibility)
        require(annotator, "annotate", assignment.project)
    with suppress(LeaseLost):  # late, or not for the first time
        return _in_time(assignment, annotator, lease_token, answer), True
    try:
        return _late(assignment, annotator, lease_token, answer)
    except LeaseLost:
        keep_late(assignment, annotator=annotator, points=answer.points, visibility=answer.visibility)
        raise


@transaction.atomic
def _in_time(assignment: Assignment, annotator: "User", lease_token: int, answer: Answer) -> Annotation:
    """The way of nearly every answer: she holds the assignment."""
    task = _counted(assignment)
    held = Assignment.objects.filter(pk=assignment.pk).held_by(annotator, token=lease_token)
    if not held.update(status=AssignmentStatus.SUBMITTED):
        raise LeaseLost("You no longer hold this assignment.")
    return _write(assignment, task, annotator, answer)


@transaction.atomic
def _late(assignment: Assignment, annotator: "User", lease_token: int, answer: Answer) -> tuple[Annotation, bool]:
    """Answered already, or freed in the meantime: then it is still hers unless somebody else has taken it."""
    lock_person(annotator)
    Task.objects.select_for_update(no_key=True).values_list("pk").get(pk=assignment.task_id)
    assignment = Assignment.objects.select_related("project").get(pk=assignment.pk)
    if assignment.status == AssignmentStatus.SUBMITTED and assignment.annotator_id == annotator.pk:
        given = Annotation.objects.get(assignment=assignment)
        if assignment.lease_token != lease_token or not answer.is_that_of(given):
            raise AlreadySubmitted("You have answered this assignment otherwise. The first answer stands.")
        return given, False
    task = _counted(assignment)
    free = Assignment.objects.filter(pk=assignment.pk, status=AssignmentStatus.OPEN, lease_token=lease_token)
    was_hers = once_held(assignment, annotator=annotator, lease_token=lease_token)
    has_another = Assignment.objects.filter(task=task, round=assignment.round, annotator=annotator).exists()
    if not was_hers or has_another or not free.update(status=AssignmentStatus.SUBMITTED, annotator=annotator):
        raise LeaseLost("Somebody else has this assignment now. Your answer is kept as a draft; pull again.")
    return _write(assignment, task, annotator, answer), True


def _counted(assignment: Assignment) -> Task:
    """Lock the task and count one more answer; also while it is parked, since that helps its reviewer."""
    values = {"task": assignment.task_id, "round": assignment.round}
    task: Task | None = next(iter(Task.objects.raw(COUNT_ANSWER, values)), None)
    if task is None:
        raise LeaseLost("This task is not wanted any more. Your answer is kept as a draft; pull again.")
    return task


def _write(assignment: Assignment, task: Task, annotator: "User", answer: Answer) -> Annotation:
    annotation = Annotation.objects.create(
        project_id=assignment.project_id,
        task=task,
        assignment=assignment,
        annotator=annotator,
        schema_id=assignment.project.schema_id,
        round=assignment.round,
        points=answer.points,
        visibility=answer.visibility,
        attributes=answer.attributes,
        seconds=answer.seconds,
        leased_at=assignment.leased_at,
    )
    Draft.objects.filter(task=task, annotator=annotator).delete()
    record("annotation.submitted", annotation, by=annotator, task=str(task.pk), assignment=str(assignment.pk))
    if task.answers == task.wanted and task.status == Status.OPEN:
        lifecycle.move(task, Status.MERGING, by=annotator)
    enqueue("tasks.follow_submission", task.pk)
    return annotation
