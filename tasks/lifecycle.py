"""The states of a task and the arrows between them; `move` is the only writer of `Task.status`."""

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models.functions import Now

from projects.audit.trail import record
from projects.errors import WrongState
from tasks.task import Status, Task

if TYPE_CHECKING:
    from projects.teams.models import User

MOVES: dict[Status, frozenset[Status]] = {
    Status.OPEN: frozenset({Status.MERGING, Status.ADJUDICATION, Status.WITHDRAWN}),
    Status.MERGING: frozenset({Status.IN_REVIEW, Status.ADJUDICATION, Status.ACCEPTED, Status.OPEN, Status.WITHDRAWN}),
    Status.IN_REVIEW: frozenset({Status.ACCEPTED, Status.OPEN, Status.ADJUDICATION, Status.WITHDRAWN}),
    Status.ADJUDICATION: frozenset({Status.ACCEPTED, Status.OPEN, Status.WITHDRAWN}),
    Status.ACCEPTED: frozenset({Status.IN_REVIEW, Status.OPEN, Status.WITHDRAWN}),
    Status.WITHDRAWN: frozenset({Status.OPEN}),
}


def lock(task_id: UUID | str) -> Task | None:
    """Hold the task's row until the transaction ends; None if there is no such task.

    The order of locks is person, task, then assignments or review: the same everywhere, so nobody waits in a circle.
    """
    assert connection.in_atomic_block, "a lock ends with its transaction"
    held = Task.objects.select_for_update(no_key=True, of=("self",))
    return held.select_related("project__schema", "asset").filter(pk=task_id).first()


@transaction.atomic
def move(task: Task, to: Status, *, by: "User | None" = None, **facts: Any) -> Task:
    """Move the task, or refuse if it is not, or no longer, where the caller saw it."""
    was = Status(task.status)
    if to not in MOVES[was]:
        raise WrongState(f"A task that is {was} cannot become {to}.")
    if not Task.objects.filter(pk=task.pk, status=was).update(status=to, moved_at=Now()):
        raise WrongState(f"The task is no longer {was}. Look at it again.")
    task.status = to
    record("task.moved", task, by=by, was=was, to=to, **facts)
    return task
