"""Who holds a review: pulling, giving back, and getting lapsed ones back; never one's own work."""

from datetime import timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Now

from projects.audit.trail import record
from projects.project import Project
from projects.teams.models import User
from projects.teams.rights import require
from tasks.annotation.models import Annotation
from tasks.assignment.lease import WORKED_ON, LeaseLost, ProjectNotActive, TooManyLeases, lock_person
from tasks.review.models import Review, ReviewStatus
from tasks.task import Status

if TYPE_CHECKING:
    from django.db.models.expressions import Combinable

REVIEWED = (Status.IN_REVIEW, Status.ADJUDICATION)
BATCH = 500


@transaction.atomic
def take(project: Project, *, reviewer: User) -> Review | None:
    """Lease the most doubtful review that this person may do; None if there is none.

    Rows held by others are skipped, not waited for: two people who ask at once get two different reviews.
    """
    require(reviewer, "review", project)
    if project.status not in WORKED_ON:
        raise ProjectNotActive(f"This project is {project.status}. Pull when it is active again.")
    lock_person(reviewer)  # one take at a time
    free_lapsed(project)
    held = Review.objects.filter(project=project, reviewer=reviewer, status=ReviewStatus.LEASED).count()
    if held >= (most := project.rules.max_open_leases):
        raise TooManyLeases(f"You hold {held} reviews here, the most is {most}. Decide or release one first.")
    review = (
        _fit_for(reviewer, Review.objects.filter(project=project, status=ReviewStatus.OPEN, task__status__in=REVIEWED))
        .order_by("-doubt", "pk")
        .select_for_update(skip_locked=True, of=("self",))
        .first()
    )
    if review is None:
        return None
    seconds = timedelta(seconds=project.rules.lease_seconds)
    _write(
        review,
        status=ReviewStatus.LEASED,
        reviewer=reviewer,
        lease_token=F("lease_token") + 1,
        leased_until=Now() + seconds,
    )
    record("review.taken", review, by=reviewer, task=str(review.task_id), layer=review.layer)
    return Review.objects.select_related("task__asset", "project", "consensus").get(pk=review.pk)


def _fit_for(reviewer: User, reviews: QuerySet[Review]) -> QuerySet[Review]:
    """Not those of tasks that she answered, in any round, or looked at already in this one."""
    answered = Annotation.objects.filter(task=OuterRef("task"), annotator=reviewer)
    looked_at = Review.objects.filter(
        task=OuterRef("task"), round=OuterRef("round"), reviewer=reviewer, status=ReviewStatus.DECIDED
    )
    return reviews.filter(~Exists(answered), ~Exists(looked_at))


@transaction.atomic
def release(review_id: UUID, *, reviewer: User, lease_token: int | None = None) -> Review:
    """Give a review back undecided; given back twice it is given back once."""
    review = Review.objects.select_for_update(of=("self",)).select_related("project").get(pk=review_id)
    require(reviewer, "review", review.project)
    if review.status == ReviewStatus.OPEN and review.reviewer_id in (None, reviewer.pk):
        return review
    require_held(review, reviewer, lease_token)
    _write(review, status=ReviewStatus.OPEN, reviewer=None, leased_until=None)
    record("review.released", review, by=reviewer, task=str(review.task_id))
    return review


def require_held(review: Review, reviewer: User, lease_token: int | None) -> None:
    """Refuse unless this person was the last to take the review: a lapsed lease that nobody else took still counts."""
    held = review.status in (ReviewStatus.LEASED, ReviewStatus.OPEN) and review.reviewer_id == reviewer.pk
    if not held or lease_token not in (None, review.lease_token):
        raise LeaseLost("You do not hold this review, or no longer. Pull the next one.")


def free_lapsed(project: Project | None = None) -> int:
    """Open reviews again whose lease ran out; how many. Who held it last stays written: she may still decide."""
    lapsed = Q(status=ReviewStatus.LEASED, leased_until__lt=Now()) & (Q() if project is None else Q(project=project))
    freed = 0
    while True:
        with transaction.atomic():
            batch = list(
                Review.objects.filter(lapsed).order_by("leased_until").select_for_update(skip_locked=True)[:BATCH]
            )
            for review in batch:
                record("review.lapsed", review, by=None, task=str(review.task_id), reviewer=str(review.reviewer_id))
            Review.objects.filter(pk__in=[review.pk for review in batch]).update(
                status=ReviewStatus.OPEN, leased_until=None
            )
        freed += len(batch)
        if len(batch) < BATCH:
            return freed


def _write(review: Review, **values: "Combinable | Any") -> None:
    Review.objects.filter(pk=review.pk).update(**values)
