"""What stands for a task: the consensus, or what a reviewer of its present round corrected it to."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import QuerySet

from tasks.consensus.models import Consensus
from tasks.review.models import Review, ReviewStatus, Verdict
from tasks.task import Task

PLACED_BY_HAND = ("review", "1")  # method and version where no answer was merged
Rows = Sequence[Sequence[float] | None]


@dataclass(frozen=True)
class Standing:
    """Landmarks as the next reviewer sees them and as the label would be."""

    points: Rows
    visibility: Sequence[int]
    covariance: Rows | None
    consensus: Consensus | None  # None where a reviewer placed everything herself
    correction: Review | None

    @property
    def answers(self) -> int:
        return self.consensus.answers if self.consensus else 0

    @property
    def agreement(self) -> float | None:
        return self.consensus.agreement if self.consensus else None

    @property
    def method(self) -> str:
        return self.consensus.method if self.consensus else PLACED_BY_HAND[0]

    @property
    def version(self) -> str:
        return self.consensus.version if self.consensus else PLACED_BY_HAND[1]


def standing(task: Task) -> Standing | None:
    """What stands now; None where there is neither a consensus nor a correction in this round."""
    last = decided(task).order_by("-layer").select_related("consensus").first()
    if last:  # what was looked at is what goes on, whatever has been merged since
        consensus = last.consensus
    else:
        consensus = Consensus.objects.filter(task=task, round=task.round, is_current=True).first()
    return _stands(task, consensus)


def shown_in(review: Review) -> Standing | None:
    """What the reviewer of this review has before her."""
    return _stands(review.task, review.consensus)


def decided(task: Task) -> QuerySet[Review]:
    """The verdicts of the task's present round."""
    return Review.objects.filter(task=task, round=task.round, status=ReviewStatus.DECIDED)


def _stands(task: Task, consensus: Consensus | None) -> Standing | None:
    correction = decided(task).filter(verdict=Verdict.CORRECT).order_by("-layer").first()
    if correction:
        covariance = consensus and covariance_after(correction.points, consensus)
        return Standing(correction.points, correction.visibility, covariance, consensus, correction)
    if consensus:
        return Standing(consensus.points, consensus.visibility, consensus.covariance, consensus, None)
    return None


def covariance_after(points: Rows, consensus: Consensus) -> Rows:
    """A point that was moved loses its covariance: one person's placing says nothing of its own error."""
    return [
        spread if point is not None and point == merged else None
        for point, merged, spread in zip(points, consensus.points, consensus.covariance, strict=True)
    ]
