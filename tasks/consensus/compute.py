"""Computing a run: every task's answers merged anew, stored beside what is current."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

import numpy as np
from django.db import transaction
from django.db.models.functions import Now

from projects.audit.trail import record
from projects.landmarks.schema import LandmarkSchema
from projects.life import beating
from tasks.annotation.votes import voted
from tasks.consensus.compare import Difference, current_of
from tasks.consensus.gather import Given, chunks, crowd_of, gold_of, order_of
from tasks.consensus.merge import describe, fuse, set_hash_of
from tasks.consensus.mergers import MERGERS
from tasks.consensus.mergers.answers import Merged, merged_visibility
from tasks.consensus.mergers.choose import Choice, choose
from tasks.consensus.mergers.components import Component, Recipe
from tasks.consensus.mergers.crowd import MergedCrowd
from tasks.consensus.mergers.reliability import Reliability
from tasks.consensus.models import Consensus, Run, RunStatus
from tasks.consensus.runs import Attempt, RunLost, claim, fail

BATCH = 200  # results saved at a time

Results = Iterator[tuple[Given, Merged]]


def compute(run_id: UUID | str) -> None:
    """Merge everything; whoever comes after a worker that died begins anew, and writes what it would have written."""
    attempt = claim(run_id, among=(RunStatus.WAITING, RunStatus.RUNNING))
    if attempt is None:
        return
    try:
        with beating(attempt.beat, name=f"run {attempt.run_id}"):
            _compute(attempt)
    except RunLost:
        return
    except (ValueError, ArithmeticError, np.linalg.LinAlgError) as problem:
        fail(attempt, f"The method could not merge these answers: {problem}")
        raise


def _compute(attempt: Attempt) -> None:
    with transaction.atomic():
        run = attempt.hold()
        _clear(run)
        run.status, run.tasks, run.answers = RunStatus.RUNNING, 0, 0
        run.save(update_fields=["status", "tasks", "answers"])
    schema = LandmarkSchema.from_dict(run.project.schema.definition())
    difference = Difference(schema)
    report: dict[str, Any] = {}
    batch: list[tuple[Given, Merged]] = []
    for result in _results(run, schema, report):
        batch.append(result)
        if len(batch) == BATCH:
            _save(attempt, batch, schema, difference)
            batch = []
    _save(attempt, batch, schema, difference)
    with transaction.atomic():
        run = attempt.hold()
        run.status, run.report, run.difference = RunStatus.DONE, report, difference.result()
        run.beat_at = None
        run.save(update_fields=["status", "report", "difference", "beat_at"])
        Run.objects.filter(pk=run.pk).update(done_at=Now())
        record("run.done", run, by=None, tasks=run.tasks, answers=run.answers)


def _clear(run: Run) -> None:
    """Forget what an attempt that broke off had written, some at a time: rows are large."""
    left = Consensus.objects.filter(run=run).order_by("pk").values_list("pk", flat=True)
    while some := list(left[:BATCH]):
        Consensus.objects.filter(pk__in=some).delete()


def _results(run: Run, schema: LandmarkSchema, report: dict[str, Any]) -> Results:
    if run.method != Reliability.method:
        merger = MERGERS[run.method]()
        for chunk in chunks(run.project):
            for given in chunk:
                yield given, fuse(merger, given.points, given.visibility, given.annotators, schema)
        return
    gold = gold_of(run.project)
    choice = None
    for chunk in chunks(run.project):
        crowd, _ = crowd_of(schema, chunk, gold)
        if choice is None:
            choice = _choice(run) or choose(crowd)
            report.update(choice.report)
        merged = Reliability(choice=choice).merge_all(crowd)
        yield from _of_chunk(chunk, order_of(chunk, gold), merged, schema)


def _choice(run: Run) -> Choice | None:
    """What the manager chose by hand; None: let the project's gold choose."""
    parts = run.settings.get("parts")
    if parts is None:
        return None
    recipe = Recipe(frozenset(Component(part) for part in parts))
    return Choice(recipe, None, {"chosen by": "the manager", "parts": sorted(parts) or ["geometric median"]})


def _of_chunk(chunk: list[Given], order: list[Given], merged: MergedCrowd, schema: LandmarkSchema) -> Results:
    """Each task's part of a merged crowd. A single answer is taken as it is: nobody has contradicted it."""
    here = {each.task for each in chunk}
    start = 0
    for image, given in enumerate(order):
        rows = slice(start, start := start + len(given.annotations))
        if given.task not in here:
            continue  # gold of another chunk
        if len(given.annotations) == 1:
            yield given, fuse(Reliability(), given.points, given.visibility, given.annotators, schema)
            continue
        placed = ~np.isnan(given.points[..., 0])
        yield (
            given,
            Merged(
                points=merged.points[image],
                points_data_only=merged.points_data_only[image],
                covariance=merged.covariance[image],
                visibility=merged_visibility(placed, given.visibility),
                weights=merged.weight[rows],
                residuals=merged.residual[rows],
                flags=merged.flag[rows],
                method=merged.method,
                version=merged.version,
            ),
        )


def _save(attempt: Attempt, batch: list[tuple[Given, Merged]], schema: LandmarkSchema, difference: Difference) -> None:
    current = current_of([given.task for given, _ in batch])
    with transaction.atomic():
        run = attempt.hold()
        rows = []
        for given, merged in batch:
            of = {"run": str(run.pk), "settings": run.settings}
            row = Consensus(project_id=run.project_id, task_id=given.task, round=given.round, run=run, is_current=False)
            row.set_hash = set_hash_of(given.annotations, merged.method, merged.version, of)
            row.moved = difference.add(merged.points, current.get(given.task))
            describe(row, merged, points=given.points, annotations=given.annotations, schema=schema)
            row.visibility = voted(row.visibility, given.votes)
            rows.append(row)
        Consensus.objects.bulk_create(rows)
        run.tasks += len(rows)
        run.answers += sum(row.answers for row in rows)
        run.save(update_fields=["tasks", "answers"])
