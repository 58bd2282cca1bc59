"""Consensus runs: a manager asks for one, and a worker that has one in hand shows signs of life."""

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import F, Q
from django.db.models.functions import Now

from projects.audit.trail import record
from projects.background import enqueue
from projects.errors import Invalid, Refused
from projects.policy import CHOICES
from projects.project import Project
from projects.teams.rights import require
from tasks.consensus.models import Run, RunStatus

if TYPE_CHECKING:
    from projects.teams.models import User

STALLED_AFTER = timedelta(seconds=60)
MOST_ATTEMPTS = 3
JOBS = {
    RunStatus.WAITING: "tasks.compute_run",
    RunStatus.RUNNING: "tasks.compute_run",
    RunStatus.ADOPTING: "tasks.adopt_run",
}
# The parts that a manager may choose by hand; tasks.consensus.mergers.components.Component names them all.
PARTS = (
    "robust model of errors",
    "common frame",
    "slips repaired",
    "people's scales",
    "scales by part",
    "people's biases",
    "shape prior",
    "tight, loose and gross states",
)


class RunAtWork(Refused):
    code = "run_at_work"


class RunLost(Exception):
    """Another worker has taken the run over."""


def start(project: Project, *, method: str, settings: dict[str, Any], by: "User") -> Run:
    """Ask for a run over all answers of the project; a worker computes it."""
    require(by, "manage", project)
    _check(method, settings)
    try:
        with transaction.atomic():
            run = Run.objects.create(project=project, method=method, settings=settings, created_by=by)
            record("run.started", run, by=by, method=method, settings=settings)
            enqueue(JOBS[RunStatus.WAITING], run.pk)
    except IntegrityError as twice:
        raise RunAtWork("Another run over this project is at work. Wait until it is done.") from twice
    return run


def _check(method: str, settings: dict[str, Any]) -> None:
    if method not in CHOICES["merger"]:
        detail = f"must be one of {', '.join(CHOICES['merger'])}"
        raise Invalid(f"The method {detail}.", errors=[{"pointer": "/method", "detail": detail}])
    known = {"parts"} if method == "reliability" else set()
    if unknown := sorted(set(settings) - known):
        detail = f"is not a setting of {method}; its settings are: {', '.join(sorted(known)) or 'none'}"
        raise Invalid(
            f"{unknown[0]} {detail}.", errors=[{"pointer": f"/settings/{name}", "detail": detail} for name in unknown]
        )
    parts = settings.get("parts", [])
    if not isinstance(parts, list) or not all(part in PARTS for part in parts):
        detail = f"must be a list of some of: {'; '.join(PARTS)}"
        raise Invalid(f"The parts {detail}.", errors=[{"pointer": "/settings/parts", "detail": detail}])


@dataclass(frozen=True)
class Attempt:
    """The right to work on a run, until another worker has taken it over."""

    run_id: UUID | str
    number: int

    def beat(self) -> bool:
        """A sign of life; False if the run was taken over."""
        mine = Run.objects.filter(pk=self.run_id, attempts=self.number, status__in=JOBS)
        return bool(mine.update(beat_at=Now()))

    def hold(self) -> Run:
        """The run's row, locked until the transaction ends; whoever has lost it must write nothing."""
        run = Run.objects.select_for_update(no_key=True, of=("self",)).select_related("project__schema")
        mine = run.filter(pk=self.run_id, attempts=self.number, status__in=JOBS).first()
        if mine is None:
            raise RunLost
        return mine


def claim(run_id: UUID | str, *, among: tuple[RunStatus, ...]) -> Attempt | None:
    """The right to work on the run, or None: it is done already, or somebody is at it. Of two at once one wins."""
    with transaction.atomic():
        idle = Q(beat_at=None) | Q(beat_at__lt=Now() - STALLED_AFTER)
        run = Run.objects.select_for_update(no_key=True).filter(idle, pk=run_id, status__in=among).first()
        if run is None:
            return None
        Run.objects.filter(pk=run_id).update(attempts=F("attempts") + 1, beat_at=Now())
        return Attempt(run_id, run.attempts + 1)


def fail(attempt: Attempt, reason: str) -> None:
    """The run cannot be computed; the reason is for the manager to read."""
    with transaction.atomic():
        run = attempt.hold()
        run.status, run.reason = RunStatus.FAILED, reason
        run.save(update_fields=["status", "reason"])
        record("run.failed", run, by=None, reason=reason)


def sweep() -> int:
    """Ask again for what a lost message or a worker that died left behind; how many runs were asked for."""
    stalled = Q(beat_at=None, created_at__lt=Now() - STALLED_AFTER) | Q(beat_at__lt=Now() - STALLED_AFTER)
    left = list(Run.objects.filter(stalled, status__in=JOBS).values_list("pk", "status", "attempts"))
    for pk, status, attempts in left:
        if attempts >= MOST_ATTEMPTS and status != RunStatus.ADOPTING:
            if attempt := claim(pk, among=(RunStatus.WAITING, RunStatus.RUNNING)):
                fail(attempt, f"The workers died over it {attempts} times. Choose another method, or ask an admin.")
            continue
        with transaction.atomic():
            enqueue(JOBS[RunStatus(status)], pk)
    return len(left)
