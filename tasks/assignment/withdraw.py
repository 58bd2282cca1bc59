"""Taking a task out of the work, and putting it back."""

from typing import TYPE_CHECKING

from django.db import transaction

from projects.audit.trail import record
from projects.background import enqueue
from projects.errors import WrongState
from projects.project import ProjectStatus
from projects.teams.rights import require
from tasks import lifecycle
from tasks.assignment.models import Assignment, AssignmentStatus
from tasks.assignment.planning import open_more
from tasks.task import Status, Task

if TYPE_CHECKING:
    from projects.teams.models import User

UNANSWERED = (AssignmentStatus.OPEN, AssignmentStatus.LEASED)


@transaction.atomic
def withdraw(task: Task, *, by: "User", reason: str) -> Task:
    """Ask nobody any more. Who has it in hand will find her answer kept as a draft, and refused; twice is once."""
    require(by, "manage", task.project)
    task = _locked(task)
    if task.status != Status.WITHDRAWN:
        lifecycle.move(task, Status.WITHDRAWN, by=by, reason=reason)
        unanswered = Assignment.objects.filter(task=task, status__in=UNANSWERED)
        unanswered.update(status=AssignmentStatus.WITHDRAWN, annotator=None, leased_until=None)
    return task


@transaction.atomic
def reopen(task: Task, *, by: "User", reason: str = "") -> Task:
    """Put a withdrawn task back into its round: the answers it has count, the others are asked for; twice is once.

    Another round for a task that is done with is a reviewer's verdict, `redo`.
    """
    require(by, "manage", task.project)
    task = _locked(task)
    if task.project.status == ProjectStatus.CLOSED:
        raise WrongState("This project is closed. Move it to paused first.")
    if task.status == Status.OPEN:
        return task
    if task.status != Status.WITHDRAWN:
        raise WrongState(f"This task is {task.status}; only a withdrawn one can be put back.")
    lifecycle.move(task, Status.OPEN, by=by, reason=reason)
    record("task.reopened", task, by=by, round=task.round, reason=reason)
    if task.answers < task.wanted:
        open_more(task, task.wanted - task.answers)
    else:
        lifecycle.move(task, Status.MERGING, by=by)
        enqueue("tasks.follow_submission", task.pk)
    return task


def _locked(task: Task) -> Task:
    return Task.objects.select_for_update(no_key=True, of=("self",)).select_related("project").get(pk=task.pk)
