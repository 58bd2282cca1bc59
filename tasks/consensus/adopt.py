"""Adopting a run: its results become current, and new versions of labels only where that was asked for."""

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Count, QuerySet
from django.db.models.functions import Now

from projects.audit.trail import record
from projects.background import enqueue
from projects.errors import WrongState
from projects.labels.accept import accept
from projects.labels.models import Label
from projects.life import beating
from projects.teams.rights import require
from tasks import lifecycle
from tasks.annotation.models import Annotation
from tasks.consensus.models import Consensus, Outcome, Run, RunStatus
from tasks.consensus.runs import JOBS, Attempt, RunAtWork, RunLost, claim
from tasks.task import Status, Task

if TYPE_CHECKING:
    from projects.teams.models import User

BATCH = 100
WAITING = ("open",)  # reviews that nobody has in hand


def adopt(run: Run, *, labels: bool, by: "User") -> Run:
    """Ask for a run's adoption; asked twice is asked once, and asked with labels goes further than without."""
    require(by, "manage", run.project_id)
    try:
        with transaction.atomic():
            run = Run.objects.select_for_update(no_key=True, of=("self",)).get(pk=run.pk)
            if run.status in (RunStatus.ADOPTING, RunStatus.ADOPTED) and (run.replaces_labels or not labels):
                return run
            if run.status not in (RunStatus.DONE, RunStatus.ADOPTED):
                raise WrongState(f"Only a run that is done can be adopted; this one is {run.status}.")
            run.status, run.replaces_labels, run.adopted_by = RunStatus.ADOPTING, labels, by
            run.beat_at = None
            run.save(update_fields=["status", "replaces_labels", "adopted_by", "beat_at"])
            Consensus.objects.filter(run=run, outcome=Outcome.ACCEPTED).update(outcome="")  # labels are asked for now
            record("run.adoption_asked", run, by=by, labels=labels)
            enqueue(JOBS[RunStatus.ADOPTING], run.pk)
    except IntegrityError as twice:
        raise RunAtWork("Another run over this project is at work. Wait until it is done.") from twice
    return run


def carry_out(run_id: UUID | str) -> None:
    """Task by task; whoever comes after a worker that died goes on where it stopped."""
    attempt = claim(run_id, among=(RunStatus.ADOPTING,))
    if attempt is None:
        return
    try:
        with beating(attempt.beat, name=f"run {attempt.run_id}"):
            while _some(attempt):
                pass
            _finish(attempt)
    except RunLost:
        return


def _some(attempt: Attempt) -> bool:
    left = Consensus.objects.filter(run_id=attempt.run_id, outcome="").order_by("pk")
    found = list(left.values_list("pk", "task")[:BATCH])
    for result, task in found:
        with transaction.atomic():
            held = lifecycle.lock(task)
            _one(attempt.hold(), held, result)
    return bool(found)


def _one(run: Run, task: Task | None, result_id: UUID) -> None:
    result = Consensus.objects.get(pk=result_id)
    result.outcome = _outcome(run, task, result)
    result.save(update_fields=["outcome"])
    if task is None or result.outcome not in (Outcome.ADOPTED, Outcome.RELABELLED):
        return
    Consensus.objects.filter(task=task, is_current=True).update(is_current=False)
    Consensus.objects.filter(pk=result.pk).update(is_current=True)
    if result.outcome == Outcome.RELABELLED:
        _relabel(run, task, result)
    else:
        _reviews(task).filter(status__in=WAITING).update(consensus=result)


def _outcome(run: Run, task: Task | None, result: Consensus) -> Outcome:
    if task is None or task.status == Status.WITHDRAWN or task.round != result.round:
        return Outcome.OUTDATED
    given = Annotation.objects.filter(task=task, round=task.round).values_list("pk", flat=True)
    if {str(pk) for pk in given} != {entry["annotation"] for entry in result.weights}:
        return Outcome.OUTDATED
    if task.status == Status.ACCEPTED:
        if not run.replaces_labels:
            return Outcome.ACCEPTED
        label = Label.objects.filter(asset=task.asset_id, is_current=True).first()
        return Outcome.CORRECTED if label is None or label.corrected else Outcome.RELABELLED
    seen = _reviews(task).exclude(status__in=(*WAITING, "withdrawn")).exists()
    return Outcome.REVIEWED if seen else Outcome.ADOPTED


def _reviews(task: Task) -> QuerySet[Any]:
    return task.reviews.filter(round=task.round)


def _relabel(run: Run, task: Task, result: Consensus) -> None:
    former = Label.objects.get(asset=task.asset_id, is_current=True)
    accept(
        task.asset,
        points=result.points,
        visibility=result.visibility,
        covariance=result.covariance,
        answers=result.answers,
        agreement=result.agreement,
        method=result.method,
        method_version=result.version,
        checked_layers=former.checked_layers,
        corrected=False,
        by=run.adopted_by,
    )


def _finish(attempt: Attempt) -> None:
    with transaction.atomic():
        run = attempt.hold()
        found = Consensus.objects.filter(run=run).values_list("outcome").annotate(number=Count("pk"))
        run.status, run.outcomes, run.beat_at = RunStatus.ADOPTED, dict(found), None
        run.save(update_fields=["status", "outcomes", "beat_at"])
        Run.objects.filter(pk=run.pk).update(adopted_at=Now())
        record("run.adopted", run, by=run.adopted_by, outcomes=run.outcomes)
