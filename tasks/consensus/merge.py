"""Merging the answers of a task's present round into one consensus; the same answers always find the same one."""

import hashlib
import json
import math
from collections.abc import Sequence
from typing import Any
from uuid import UUID

import numpy as np
from django.db import transaction

from projects.audit.trail import record
from projects.errors import Refused
from projects.landmarks.distance import mean_placed
from projects.landmarks.schema import LandmarkSchema
from projects.landmarks.shape import Floats, as_points, as_shape, normaliser_length
from projects.landmarks.similarity import agreement, tolerances
from projects.project import Project
from tasks import lifecycle
from tasks.annotation.models import Annotation
from tasks.consensus.lessons import lesson_of
from tasks.consensus.mergers import MERGERS
from tasks.consensus.mergers.answers import Answers, Merged
from tasks.consensus.mergers.reliability import Reliability
from tasks.consensus.models import Consensus


class NothingToMerge(Refused):
    code = "nothing_to_merge"


class UnknownMerger(Refused):
    code = "unknown_merger"


@transaction.atomic
def merge(task_id: UUID | str) -> Consensus:
    """Merge by the project's merger and make the result current; two workers at once find one row."""
    task = lifecycle.lock(task_id)
    if task is None:
        raise NothingToMerge("There is no such task.")
    given = list(Annotation.objects.filter(task=task, round=task.round).order_by("pk"))
    if not given:
        raise NothingToMerge("Nobody has answered this task in its present round.")
    current = Consensus.objects.filter(task=task, is_current=True, run__isnull=False).first()
    if current and current.round == task.round and annotations_of(current) == {str(answer.pk) for answer in given}:
        return current  # of a run that was adopted: it stands until somebody answers
    merger, settings = _merger_of(task.project)
    set_hash = set_hash_of([answer.pk for answer in given], merger.method, merger.version, settings)
    consensus = Consensus.objects.filter(task=task, set_hash=set_hash).first()
    if consensus is None:
        consensus = Consensus(project=task.project, task=task, round=task.round, set_hash=set_hash, is_current=False)
        _fuse(consensus, given, LandmarkSchema.from_dict(task.project.schema.definition()), merger)
        consensus.save(force_insert=True)
        record("consensus.merged", consensus, by=None, task=str(task.pk), answers=len(given), method=consensus.method)
    if not consensus.is_current:
        Consensus.objects.filter(task=task, is_current=True).update(is_current=False)
        consensus.is_current = True
        consensus.save(update_fields=["is_current"])
    return consensus


def set_hash_of(annotations: Sequence[UUID], method: str, version: str, settings: dict[str, Any]) -> str:
    """What makes two merges the same: whose answers, by which method, with which settings."""
    ids = sorted(str(each) for each in annotations)
    return hashlib.sha256(json.dumps([ids, method, version, settings], sort_keys=True).encode()).hexdigest()


def annotations_of(consensus: Consensus) -> set[str]:
    """Whose answers it was made of."""
    return {entry["annotation"] for entry in consensus.weights}


def _merger_of(project: Project) -> tuple[Any, dict[str, Any]]:
    """The merger, with what the crowd has taught it, and the settings that make its results its own."""
    name = project.rules.merger
    if name not in MERGERS:
        raise UnknownMerger(f"This installation has no merger {name}. Choose another in the project's policy.")
    if name != Reliability.method:
        return MERGERS[name](), {}
    lesson = lesson_of(project)
    return (MERGERS[name](), {}) if lesson is None else (Reliability(learnt=lesson.learnt), {"learnt": lesson.version})


def _fuse(consensus: Consensus, given: list[Annotation], schema: LandmarkSchema, merger: Any) -> None:
    """Fill in what the merger makes of the answers."""
    points = np.stack([as_shape(answer.points) for answer in given])
    visibility = np.array([answer.visibility for answer in given], dtype=np.int8)
    merged = fuse(merger, points, visibility, [str(answer.annotator_id) for answer in given], schema)
    describe(consensus, merged, points=points, annotations=[answer.pk for answer in given], schema=schema)


def fuse(
    merger: Any, points: Floats, visibility: np.ndarray, annotators: Sequence[str], schema: LandmarkSchema
) -> Merged:
    """What the merger makes of one task's answers (answer, landmark, xy)."""
    length = length_of(points, schema)
    tolerance = None if math.isnan(length) else tolerances(schema) * length
    answers = Answers(points=points, visibility=visibility, annotators=tuple(annotators), tolerance=tolerance)
    merged: Merged = merger.merge(answers)
    return merged


def describe(
    consensus: Consensus, merged: Merged, *, points: Floats, annotations: Sequence[UUID], schema: LandmarkSchema
) -> None:
    """Fill in what a merger made of these points (answer, landmark, xy)."""
    length = length_of(points, schema)
    consensus.method, consensus.version = merged.method, merged.version
    consensus.points = as_points(merged.points)
    consensus.points_data_only = as_points(merged.points_data_only)
    consensus.covariance = [None if math.isnan(row[0]) else row for row in merged.covariance.reshape(-1, 4).tolist()]
    consensus.visibility = merged.visibility.tolist()
    consensus.answers = len(annotations)
    consensus.agreement = _number(agreement(points, schema))
    residual = mean_placed(merged.residuals)
    consensus.weights = [
        {
            "annotation": str(annotation),
            "weight": float(merged.weights[row]),
            "flag": int(merged.flags[row]),
            "residual": _number(residual[row]),  # px, mean over the points placed
            "error": _number(residual[row] / length),  # the same as a fraction of the normaliser's length
        }
        for row, annotation in enumerate(annotations)
    ]


def length_of(points: Floats, schema: LandmarkSchema) -> float:
    """The normaliser's length, px: the median over the answers, so that one of wild size decides nothing."""
    lengths = normaliser_length(points, schema)
    known = lengths[np.isfinite(lengths)]
    return float(np.median(known)) if len(known) else math.nan


def _number(value: float) -> float | None:
    """JSON knows no NaN."""
    return float(value) if math.isfinite(value) else None
