"""Drafts: what she has placed so far, kept for her alone; also where an answer that came too late is kept."""

from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction
from django.db.models.functions import Now

from projects.audit.trail import record
from projects.errors import Refused
from projects.teams.rights import require
from tasks.annotation.check import Rows, check_draft
from tasks.annotation.models import Draft
from tasks.assignment.lease import LeaseLost, find
from tasks.assignment.models import Assignment, AssignmentStatus

if TYPE_CHECKING:
    from projects.teams.models import User


class AlreadySubmitted(Refused):
    code = "already_submitted"


def save(assignment_id: UUID, *, annotator: "User", lease_token: int, points: object, visibility: object) -> Draft:
    """Keep the work so far, the last one said counts; the lease goes on as it was.

    Who lost the lease is told so, and her draft is kept all the same: it is committed before the refusal is raised.
    """
    assignment = find(assignment_id, annotator=annotator)
    rows, seen = check_draft(points, visibility, schema=assignment.project.schema)
    with transaction.atomic():
        now = Assignment.objects.select_for_update(no_key=True).get(pk=assignment.pk)  # a submission waits for us
        if now.annotator_id == annotator.pk and now.status == AssignmentStatus.SUBMITTED:
            raise AlreadySubmitted("You have answered this assignment; there is nothing left to draft.")
        is_held = Assignment.objects.filter(pk=now.pk).held_by(annotator, token=lease_token).exists()
        draft = keep(assignment, annotator=annotator, points=rows, visibility=seen)
        draft.refresh_from_db(fields=["saved_at"])
    require(annotator, "annotate", assignment.project)
    if not is_held:
        raise LeaseLost("You no longer hold this assignment. Your draft is kept; pull again.")
    return draft


def keep(assignment: Assignment, *, annotator: "User", points: Rows, visibility: list[int]) -> Draft:
    """Write the person's one draft of this task."""
    values = {"points": points, "visibility": visibility, "saved_at": Now()}
    draft, _ = Draft.objects.update_or_create(task_id=assignment.task_id, annotator=annotator, defaults=values)
    return draft


def keep_late(assignment: Assignment, *, annotator: "User", points: Rows, visibility: list[int]) -> None:
    """An answer that cannot be taken any more is not lost."""
    with transaction.atomic():
        keep(assignment, annotator=annotator, points=points, visibility=visibility)
        record("annotation.late", assignment, by=annotator)
