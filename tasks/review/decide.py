"""A reviewer's verdict: accept, correct or redo; and where it takes the task."""

from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction
from django.db.models.functions import Now

from projects.audit.trail import record
from projects.errors import Invalid, Missing, Refused, WrongState
from projects.teams.rights import require
from tasks import lifecycle
from tasks.annotation.check import Rows, check
from tasks.review import layers, redo
from tasks.review.correct import shown_in
from tasks.review.lease import require_held
from tasks.review.models import Review, ReviewStatus, Verdict
from tasks.task import Status, Task

if TYPE_CHECKING:
    from projects.teams.models import User

Correction = tuple[Rows, list[int]] | tuple[None, None]
WAITING_FOR_A_VERDICT = (Status.IN_REVIEW, Status.ADJUDICATION)


class AlreadyDecided(Refused):
    code = "already_decided"


class NothingToAccept(Refused):
    code = "nothing_to_accept"


@transaction.atomic
def decide(
    review_id: UUID,
    *,
    reviewer: "User",
    verdict: str,
    points: object = None,
    visibility: object = None,
    note: str = "",
    lease_token: int | None = None,
) -> Task:
    """Decide a review that one holds; the same verdict sent again changes nothing and gives the same answer.

    A lapsed lease is no obstacle as long as nobody else has taken the review.
    """
    seen = Review.objects.select_related("project__schema", "task__asset").filter(pk=review_id).first()
    if seen is None:
        raise Missing("There is no such review.")
    require(reviewer, "review", seen.project)
    correction = _correction(seen, verdict, points, visibility)
    task = lifecycle.lock(seen.task_id)
    review = Review.objects.select_for_update(of=("self",)).select_related("consensus", "task").get(pk=review_id)
    if review.status == ReviewStatus.DECIDED:
        if (review.reviewer_id, review.verdict, review.points, review.visibility) == (
            reviewer.pk,
            verdict,
            *correction,
        ):
            return task
        raise AlreadyDecided("This review is decided already. Pull the next one.")
    require_held(review, reviewer, lease_token)
    if task.status not in WAITING_FOR_A_VERDICT or task.round != review.round:
        raise WrongState(f"The task is {task.status}; this review is not wanted any more. Pull the next one.")
    if verdict == Verdict.ACCEPT and shown_in(review) is None:
        raise NothingToAccept("Nobody has placed points here. Place them and send the verdict correct, or redo.")
    _refuse_locked(review, correction)
    values = {"status": ReviewStatus.DECIDED, "verdict": verdict, "note": note, "leased_until": None}
    values |= {"points": correction[0], "visibility": correction[1], "decided_at": Now()}
    Review.objects.filter(pk=review.pk).update(**values)
    record("review.decided", review, by=reviewer, task=str(task.pk), verdict=verdict, layer=review.layer)
    return redo.reopen(task, by=reviewer) if verdict == Verdict.REDO else layers.go_on(task)


def _correction(review: Review, verdict: str, points: object, visibility: object) -> Correction:
    """What the reviewer corrected it to, in order; points go with that verdict and with no other."""
    if verdict not in Verdict.values:
        raise _bad("verdict", f"must be one of {', '.join(Verdict.values)}")
    if verdict == Verdict.CORRECT:
        return check(points, visibility, schema=review.project.schema, asset=review.task.asset)
    for name, value in (("points", points), ("visibility", visibility)):
        if value is not None:
            raise _bad(name, "goes only with the verdict correct")
    return None, None


def _refuse_locked(review: Review, correction: Correction) -> None:
    """Where she is to place the points in doubt, the others stay exactly as they were shown to her."""
    points, visibility = correction
    shown = shown_in(review)
    if review.landmarks is None or points is None or visibility is None or shown is None:
        return
    errors = [
        {"pointer": f"/{name}/{place}", "detail": "is locked: it is not in doubt. Send it as it was shown."}
        for name, given, stands in (("points", points, shown.points), ("visibility", visibility, shown.visibility))
        for place, (new, old) in enumerate(zip(given, stands, strict=True))
        if place not in review.landmarks and new != old
    ]
    if errors:
        raise Invalid("Only the points in doubt may be placed here; `errors` names the others.", errors=errors)


def _bad(name: str, detail: str) -> Invalid:
    return Invalid(f"{name} {detail}.", errors=[{"pointer": f"/{name}", "detail": detail}])
