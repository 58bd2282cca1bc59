"""How well people agree: over all merged tasks, and landmark by landmark over the latest ones."""

import math
from collections.abc import Iterator, Sequence
from itertools import combinations
from typing import Any

from django.db.models import Avg, Count

from projects.project import Project
from projects.schemas.models import Schema
from tasks.annotation.models import Annotation
from tasks.consensus.models import Consensus

LATEST = 500  # merged tasks that the landmarks are measured on

Point = Sequence[float] | None


def agreement(project: Project) -> dict[str, Any]:
    """Mean similarity of pairs of answers, and the mean distance of pairs at each landmark.

    Distances are fractions of the consensus's normaliser length; tasks on which that cannot be measured are left out.
    """
    merged = Consensus.objects.filter(project=project, is_current=True)
    whole = merged.aggregate(tasks=Count("pk"), mean=Avg("agreement"))
    schema = project.schema
    keys = [point["key"] for point in schema.points]
    total, pairs, measured = [0.0] * len(keys), [0] * len(keys), 0
    for consensus, answers in _latest(project):
        if len(consensus.points) != len(keys) or (length := length_of(consensus.points, schema)) is None:
            continue
        measured += 1
        for a, b in combinations(answers, 2):
            for index, (here, there) in enumerate(zip(a, b, strict=True)):
                if here and there:
                    total[index] += math.dist(here, there) / length
                    pairs[index] += 1
    return {
        "tasks": whole["tasks"],
        "agreement": whole["mean"],
        "measured_tasks": measured,
        "landmarks": [
            {"key": key, "pairs": count, "distance": distance / count if count else None}
            for key, distance, count in zip(keys, total, pairs, strict=True)
        ],
    }


def _latest(project: Project) -> Iterator[tuple[Consensus, list[list[Point]]]]:
    """The latest consensuses with the answers of their round."""
    merged = Consensus.objects.filter(project=project, is_current=True, answers__gt=1).order_by("-pk")[:LATEST]
    by_task = {consensus.task_id: consensus for consensus in merged.only("task_id", "round", "points")}
    answers: dict[Any, list[list[Point]]] = {task: [] for task in by_task}
    given = Annotation.objects.filter(task__in=by_task, schema=project.schema_id)
    for task, round_, points in given.values_list("task_id", "round", "points"):
        if round_ == by_task[task].round:
            answers[task].append(points)
    return ((consensus, answers[task]) for task, consensus in by_task.items())


def length_of(points: Sequence[Point], schema: Schema) -> float | None:
    """The normaliser's length, px; None if its points are not all placed.

    The same as `projects.landmarks.shape.normaliser_length` without its guesses, and without NumPy in a web process.
    """
    normaliser = schema.normaliser or {"kind": "box_diagonal"}
    if normaliser["kind"] == "distance":
        index = {point["key"]: place for place, point in enumerate(schema.points)}
        a, b = (_mean([points[index[key]] for key in normaliser[side]]) for side in ("a", "b"))
    else:
        there = [point for point in points if point]
        a, b = ([pick(axis) for axis in zip(*there, strict=True)] if there else None for pick in (min, max))
    return math.dist(a, b) or None if a and b else None


def _mean(points: Sequence[Point]) -> list[float] | None:
    if not points or not all(points):
        return None
    return [sum(axis) / len(points) for axis in zip(*points, strict=True)]  # type: ignore[arg-type]
