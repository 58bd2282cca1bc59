"""Layers of review: which of them sees a task, and what comes after the last."""

import hashlib
from collections.abc import Sequence
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import connection

from projects.labels.accept import accept
from projects.labels.models import Label
from tasks import lifecycle
from tasks.consensus.models import Consensus
from tasks.review.correct import decided, standing
from tasks.review.models import Review, ReviewStatus
from tasks.task import Status, Task

if TYPE_CHECKING:
    from projects.teams.models import User

AT_WORK = (ReviewStatus.OPEN, ReviewStatus.LEASED)
ADJUDICATION_LAYER = 1


def sampled(task_id: UUID, layer: int, share: float) -> bool:
    """Whether this layer sees the task: the same for ever, and for each layer anew."""
    digest = hashlib.sha256(f"{task_id}:{layer}".encode()).digest()
    return int.from_bytes(digest[:8], "big") < share * 2**64


def next_layer(task: Task, *, after: int) -> int | None:
    """The next layer that sees the task; None after the last."""
    rules = task.project.rules
    layers = range(after + 1, rules.review_layers + 1)
    return next((layer for layer in layers if sampled(task.pk, layer, rules.review_share)), None)


def go_on(task: Task) -> Task:
    """Take a task with its consensus to whatever its rows say comes next: a review, or its label.

    The caller holds the task's row; called again, it finds nothing left to do.
    """
    assert connection.in_atomic_block, "the caller holds the task"
    if task.status not in (Status.MERGING, Status.IN_REVIEW, Status.ADJUDICATION):
        return task
    if task.status == Status.MERGING:
        withdraw_waiting(task)
    elif Review.objects.filter(task=task, status__in=AT_WORK).exists():
        return task
    stands, last = standing(task), decided(task).order_by("-layer").first()
    if stands is None or (task.status == Status.ADJUDICATION and last is None):
        return adjudicate(task)
    layer = next_layer(task, after=last.layer if last else 0)
    if layer is None:
        by = last.reviewer if last else None
        label(task, by=by)
        return lifecycle.move(task, Status.ACCEPTED, by=by)
    _open(task, layer, stands.consensus)
    return lifecycle.move(task, Status.IN_REVIEW) if task.status == Status.MERGING else task


def label(task: Task, *, by: "User | None" = None) -> Label | None:
    """Make what stands the asset's label; None where nothing does."""
    stands = standing(task)
    if stands is None:
        return None
    return accept(
        task.asset,
        points=stands.points,
        visibility=stands.visibility,
        covariance=stands.covariance,
        answers=stands.answers,
        agreement=stands.agreement,
        method=stands.method,
        method_version=stands.version,
        checked_layers=decided(task).count(),
        corrected=stands.correction is not None,
        by=by,
    )


def withdraw_waiting(task: Task) -> None:
    """What waited for a former merge is not wanted any more."""
    Review.objects.filter(task=task, status__in=AT_WORK).update(status=ReviewStatus.WITHDRAWN)


def adjudicate(task: Task, *, landmarks: Sequence[int] | None = None) -> Task:
    """See that a reviewer gets a task that the crowd could not answer, with the merge of what answers there are.

    `landmarks` are the places in doubt, where only those are hers to place.
    """
    if task.status != Status.ADJUDICATION:
        return task
    consensus = Consensus.objects.filter(task=task, round=task.round, is_current=True).first()
    waiting = Review.objects.filter(task=task, status__in=AT_WORK)
    if not waiting.exists():
        _open(task, ADJUDICATION_LAYER, consensus, landmarks)
    elif consensus:  # an answer came after the task was parked; who has the review in hand goes by what she saw
        waiting.filter(status=ReviewStatus.OPEN).exclude(consensus=consensus).update(consensus=consensus)
    return task


def _open(task: Task, layer: int, consensus: Consensus | None, landmarks: Sequence[int] | None = None) -> Review:
    known = consensus is not None and consensus.agreement is not None
    doubt = 1.0 - consensus.agreement if known else 1.0  # nobody agreed with a single answer
    return Review.objects.create(
        project_id=task.project_id,
        task=task,
        consensus=consensus,
        round=task.round,
        layer=layer,
        doubt=doubt,
        landmarks=landmarks,
    )
