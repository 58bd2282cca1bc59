"""Opening a task for another round: fresh assignments; what was answered before stays, and is not merged again."""

from typing import TYPE_CHECKING

from projects.audit.trail import record
from tasks import lifecycle
from tasks.assignment.models import Assignment, AssignmentStatus
from tasks.assignment.planning import open_more
from tasks.consensus.models import Consensus
from tasks.task import Status, Task

if TYPE_CHECKING:
    from projects.teams.models import User

NOT_ANSWERED = (AssignmentStatus.OPEN, AssignmentStatus.LEASED)


def reopen(task: Task, *, by: "User") -> Task:
    """Begin the next round, which wants as many answers as the last, or begins as low again where overlap is dynamic.

    The caller holds the task's row.
    """
    unanswered = Assignment.objects.filter(task=task, status__in=NOT_ANSWERED)
    unanswered.update(status=AssignmentStatus.WITHDRAWN, annotator=None, leased_until=None)
    Consensus.objects.filter(task=task, is_current=True).update(is_current=False)
    lifecycle.move(task, Status.OPEN, by=by)
    task.round, task.answers = task.round + 1, 0
    if task.project.rules.dynamic:
        task.wanted = min(task.wanted, task.project.rules.overlap)
    task.save(update_fields=["round", "answers", "wanted"])
    open_more(task, task.wanted)
    record("task.reopened", task, by=by, round=task.round, wanted=task.wanted)
    return task
