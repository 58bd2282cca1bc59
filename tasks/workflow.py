"""What follows what; nothing else chains capabilities. Each step may run twice, in any order, at the same moment."""

import logging
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Now

from projects.errors import Refused
from projects.labels.models import Label
from tasks import lifecycle
from tasks.annotation.models import Annotation
from tasks.annotation.votes import Vote, voted
from tasks.assignment.planning import open_more
from tasks.consensus.merge import merge
from tasks.consensus.models import Consensus
from tasks.review import layers
from tasks.review.doubt import in_doubt
from tasks.review.models import Review
from tasks.task import Status, Task

log = logging.getLogger(__name__)
GRACE = timedelta(seconds=30)  # how long a message may be on its way before the sweep does its work
BATCH = 200


def after_submission(task_id: UUID | str) -> None:
    """A task that has its answers is merged; an answer to a parked task helps whoever is to place its points."""
    with transaction.atomic():
        task = lifecycle.lock(task_id)
        if task and task.status == Status.OPEN and task.answers >= task.wanted:
            lifecycle.move(task, Status.MERGING)
    if task and task.status == Status.MERGING:
        after_answers(task_id)
    elif task and task.status == Status.ADJUDICATION:
        after_skip(task_id)


@transaction.atomic
def after_answers(task_id: UUID | str) -> None:
    """All answers are in: merge them, and go on."""
    task = lifecycle.lock(task_id)
    if task and task.status == Status.MERGING:
        _merge(task)
        after_merge(task_id)


@transaction.atomic
def after_merge(task_id: UUID | str) -> None:
    """The consensus goes to the first layer of review that is to see it, or becomes the label.

    Where overlap is dynamic, landmarks in doubt come first: one more person is asked for them, and when the project's
    most have answered, an expert. A task that was moved on is not merging any more: told again, nothing happens.
    """
    task = lifecycle.lock(task_id)
    if task is None or task.status != Status.MERGING:
        return
    places = in_doubt(task)
    if not places:
        layers.go_on(task)
    elif task.answers < task.project.rules.max_overlap:
        _ask_again(task, places)
    else:
        layers.withdraw_waiting(task)
        lifecycle.move(task, Status.ADJUDICATION, landmarks=places)
        layers.adjudicate(task, landmarks=places)


@transaction.atomic
def after_verdict(task_id: UUID | str) -> None:
    """The next layer, or the label. `decide` has done so itself; this is for whatever was left behind."""
    task = lifecycle.lock(task_id)
    if task and task.status in (Status.IN_REVIEW, Status.ADJUDICATION):
        layers.go_on(task)


@transaction.atomic
def after_skip(task_id: UUID | str) -> None:
    """Too many would not answer: a reviewer is to place the points, helped by the answers that there are."""
    task = lifecycle.lock(task_id)
    if task and task.status == Status.ADJUDICATION:
        if Annotation.objects.filter(task=task, round=task.round).exists():
            _merge(task)
        layers.adjudicate(task)


def _ask_again(task: Task, places: list[int]) -> None:
    """One more answer, of these landmarks only. Whoever answered in this round is not asked again."""
    layers.withdraw_waiting(task)
    task.wanted = task.answers + 1
    task.save(update_fields=["wanted"])
    lifecycle.move(task, Status.OPEN, wanted=task.wanted, landmarks=places)
    open_more(task, landmarks=places)


def _merge(task: Task) -> None:
    """Merge the round's answers; who was not asked for a point has no vote on how well it is seen."""
    consensus = merge(task.pk)
    given = Annotation.objects.filter(task=task, round=task.round).values_list("assignment__landmarks", "visibility")
    visibility = voted(consensus.visibility, [Vote(*row) for row in given])
    if visibility != consensus.visibility:
        Consensus.objects.filter(pk=consensus.pk).update(visibility=visibility)


def sweep() -> int:
    """Do what a lost message left behind; how many tasks were looked after. Runs every half minute, by index."""
    waiting = ~Exists(Review.objects.filter(task=OuterRef("pk"), status__in=layers.AT_WORK))
    late = Task.objects.filter(moved_at__lt=Now() - GRACE)
    return _each(late.filter(status=Status.MERGING), after_answers) + _each(
        late.filter(waiting, status=Status.ADJUDICATION), after_skip
    )


def sweep_stranded() -> int:
    """Do what cannot be left behind while every step is one transaction: reads all tasks, so it runs seldom."""
    waiting = ~Exists(Review.objects.filter(task=OuterRef("pk"), status__in=layers.AT_WORK))
    unlabelled = ~Exists(Label.objects.filter(asset=OuterRef("asset"), is_current=True))
    late = Task.objects.filter(moved_at__lt=Now() - GRACE)
    return (
        _each(late.filter(status=Status.OPEN, answers__gte=F("wanted")), after_submission)
        + _each(late.filter(waiting, status=Status.IN_REVIEW), after_verdict)
        + _each(late.filter(unlabelled, status=Status.ACCEPTED), relabel)
    )


@transaction.atomic
def relabel(task_id: UUID | str) -> None:
    """An accepted task has a label: what stands."""
    task = lifecycle.lock(task_id)
    if task and task.status == Status.ACCEPTED:
        layers.label(task)


def _each(found: QuerySet[Task], follow: Callable[[UUID], Any]) -> int:
    """One refused task must not hide those behind it: all are looked at, batch by batch, in each sweep."""
    done = 0
    for task_id in _ids(found):
        try:
            follow(task_id)
        except Refused as refused:
            log.warning("Task %s stays where it is: %s", task_id, refused.detail)
        else:
            done += 1
    return done


def _ids(found: QuerySet[Task]) -> Iterator[UUID]:
    last: tuple[Any, UUID] | None = None
    while True:
        batch = found if last is None else found.filter(Q(moved_at__gt=last[0]) | Q(moved_at=last[0], pk__gt=last[1]))
        rows = list(batch.order_by("moved_at", "pk").values_list("moved_at", "pk")[:BATCH])
        yield from (pk for _, pk in rows)
        if len(rows) < BATCH:
            return
        last = rows[-1]
