"""Skipping: the annotator will not; somebody else is asked, and after too many the task is parked for a reviewer."""

from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction

from projects.audit.trail import record
from projects.background import enqueue
from projects.teams.rights import require
from tasks import lifecycle
from tasks.assignment.lease import LeaseLost, find
from tasks.assignment.models import Assignment, AssignmentStatus
from tasks.assignment.planning import open_more
from tasks.task import Status, Task

if TYPE_CHECKING:
    from projects.teams.models import User


@transaction.atomic
def skip(assignment_id: UUID, *, annotator: "User", lease_token: int, reason: str) -> Assignment:
    """Take the task off her hands for this round. A fresh assignment takes the place, so the wanted answers stay
    reachable; with the policy's `max_skips` the task goes to adjudication instead. Done twice it is done once.
    """
    assignment = find(assignment_id, annotator=annotator)
    require(annotator, "annotate", assignment.project)
    task = Task.objects.select_for_update(no_key=True).get(pk=assignment.task_id)
    held = Assignment.objects.filter(pk=assignment.pk).held_by(annotator, token=lease_token)
    if not held.update(status=AssignmentStatus.SKIPPED, reason=reason):
        assignment.refresh_from_db(fields=["status", "annotator", "lease_token"])
        mine = assignment.annotator_id == annotator.pk and assignment.lease_token == lease_token
        if mine and assignment.status == AssignmentStatus.SKIPPED:
            return assignment
        raise LeaseLost("You no longer hold this assignment; there is nothing to skip.")
    assignment.status, assignment.reason = AssignmentStatus.SKIPPED, reason
    record("assignment.skipped", assignment, by=annotator, reason=reason)
    if task.status == Status.OPEN and task.round == assignment.round:
        _ask_somebody_else(task, annotator, assignment.project.rules.max_skips)
    return assignment


def _ask_somebody_else(task: Task, annotator: "User", max_skips: int) -> None:
    of_round = Assignment.objects.filter(task=task, round=task.round)
    skips = of_round.filter(status=AssignmentStatus.SKIPPED).count()  # each by another person
    if not 0 < max_skips <= skips:
        open_more(task)
        return
    lifecycle.move(task, Status.ADJUDICATION, by=annotator, skips=skips)
    of_round.filter(status=AssignmentStatus.OPEN).update(status=AssignmentStatus.WITHDRAWN)
    enqueue("tasks.follow_skip", task.pk)
