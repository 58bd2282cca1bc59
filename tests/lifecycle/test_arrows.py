"""The arrows between a task's states: each that is drawn can be gone, no other can."""

from itertools import product

import pytest

from projects.audit.models import Event
from projects.errors import WrongState
from tasks.lifecycle import MOVES, move
from tasks.task import Status, Task

ARROWS = [(was, to) for was, goals in MOVES.items() for to in goals]
NO_ARROWS = [pair for pair in product(Status, Status) if pair not in ARROWS]


def at(make, project, status):
    task = make.task(project)
    Task.objects.filter(pk=task.pk).update(status=status)
    task.refresh_from_db()
    return task


def test_every_state_has_its_arrows():
    assert set(MOVES) == set(Status)


@pytest.mark.django_db
def test_each_arrow_can_be_gone_and_is_told(make, mara):
    project = make.project(mara)
    for was, to in ARROWS:
        task = at(make, project, was)

        move(task, to, by=mara, why="test")

        assert Task.objects.get(pk=task.pk).status == to
        told = Event.objects.get(subject_id=str(task.pk), verb="task.moved")
        assert told.facts == {"was": was, "to": to, "why": "test"}


@pytest.mark.django_db
def test_no_other_can(make, mara):
    project = make.project(mara)
    for was, to in NO_ARROWS:
        task = at(make, project, was)

        with pytest.raises(WrongState, match=f"A task that is {was} cannot become {to}"):
            move(task, to)

        assert Task.objects.get(pk=task.pk).status == was


@pytest.mark.django_db
def test_who_saw_the_task_elsewhere_is_refused(make, mara):
    task = make.task(make.project(mara))
    Task.objects.filter(pk=task.pk).update(status=Status.MERGING)

    with pytest.raises(WrongState, match="no longer open"):
        move(task, Status.WITHDRAWN)
