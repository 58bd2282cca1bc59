"""How far a run's points are from those that are current: counted as the run goes, in a bounded space."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import numpy as np

from projects.labels.models import Label
from projects.landmarks.schema import LandmarkSchema
from projects.landmarks.shape import Floats, as_shape, normaliser_length
from projects.landmarks.similarity import tolerances
from tasks.consensus.models import Consensus
from tasks.task import Status, Task

QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95, 0.99)
FINE = 800  # bins between the least and the most: quantiles are known to within two per cent
LEAST_PX, MOST_PX = 1e-3, 1e4
LEAST, MOST = 1e-6, 10.0  # of the normaliser's length
EDGES = (0.0, 0.001, 0.0025, 0.005, 0.01, 0.02, 0.03, 0.05, 0.08, 0.15)  # of the histogram, and beyond


def current_of(tasks: Sequence[UUID]) -> dict[UUID, Floats]:
    """What stands for each task: its label where it is accepted, else its present consensus."""
    merged = Consensus.objects.filter(task__in=tasks, is_current=True).values_list("task", "points")
    stands = {task: as_shape(points) for task, points in merged}
    accepted = dict(Task.objects.filter(pk__in=tasks, status=Status.ACCEPTED).values_list("asset", "pk"))
    labels = Label.objects.filter(asset__in=list(accepted), is_current=True).values_list("asset", "points")
    return stands | {accepted[asset]: as_shape(points) for asset, points in labels}


class _Spread:
    """Quantiles of numbers that are not kept."""

    def __init__(self, least: float, most: float) -> None:
        self.edges = np.concatenate([[0.0], np.geomspace(least, most, FINE)])
        self.count = np.zeros(FINE + 1, np.int64)

    def add(self, values: Floats) -> None:
        self.count += np.bincount(np.searchsorted(self.edges, values, side="right") - 1, minlength=FINE + 1)

    def quantile(self, q: float) -> float:
        place = int(np.searchsorted(np.cumsum(self.count), q * self.count.sum()))
        return round(float(self.edges[min(place, FINE)]), 6)

    def quantiles(self) -> dict[str, float]:
        return {f"{q:g}": self.quantile(q) for q in QUANTILES} if self.count.any() else {}


class Difference:
    """Adds up, task by task, how far points moved."""

    def __init__(self, schema: LandmarkSchema) -> None:
        self.schema = schema
        self.tolerance = tolerances(schema)
        self.px, self.share = _Spread(LEAST_PX, MOST_PX), _Spread(LEAST, MOST)
        self.histogram = np.zeros(len(EDGES), np.int64)
        landmarks = len(schema.points)
        self.number, self.beyond = np.zeros(landmarks, np.int64), np.zeros(landmarks, np.int64)
        self.sum_px, self.sum_share = np.zeros(landmarks), np.zeros(landmarks)
        self.tasks = self.changed = self.appeared = self.vanished = 0

    def add(self, new: Floats, current: Floats | None) -> float | None:
        """The most that a point of the task moved, in tolerances; None where nothing was current to compare with."""
        if current is None or current.shape != new.shape:
            return None
        moved = np.hypot(*np.moveaxis(new - current, -1, 0))
        there = np.isfinite(moved)
        self.tasks += 1
        self.appeared += int((np.isfinite(new[:, 0]) & np.isnan(current[:, 0])).sum())
        self.vanished += int((np.isnan(new[:, 0]) & np.isfinite(current[:, 0])).sum())
        length = float(normaliser_length(current, self.schema))
        if not np.isfinite(length) or not there.any():
            return None
        share = moved / length
        self.px.add(moved[there])
        self.share.add(share[there])
        self.histogram += np.bincount(np.searchsorted(EDGES, share[there], "right") - 1, minlength=len(EDGES))
        self.number += there
        self.sum_px += np.where(there, moved, 0)
        self.sum_share += np.where(there, share, 0)
        in_tolerances = share[there] / self.tolerance[there]
        self.beyond[there] += in_tolerances > 1
        most = float(in_tolerances.max())
        self.changed += most > 1
        return most

    def result(self) -> dict[str, Any]:
        """JSON: distances in px and as shares of the normaliser's length."""
        return {
            "tasks": self.tasks,
            "tasks_beyond_tolerance": int(self.changed),
            "points": int(self.number.sum()),
            "points_beyond_tolerance": int(self.beyond.sum()),
            "points_appeared": self.appeared,
            "points_vanished": self.vanished,
            "px": self.px.quantiles(),
            "normalised": self.share.quantiles(),
            "histogram": [
                {"from": EDGES[k], "to": EDGES[k + 1] if k + 1 < len(EDGES) else None, "points": int(count)}
                for k, count in enumerate(self.histogram)
            ],
            "landmarks": [
                {
                    "key": key,
                    "points": int(self.number[at]),
                    "beyond_tolerance": int(self.beyond[at]),
                    "mean_px": _mean(self.sum_px[at], self.number[at]),
                    "mean_normalised": _mean(self.sum_share[at], self.number[at]),
                }
                for at, key in enumerate(self.schema.keys)
            ],
        }


def _mean(total: float, number: int) -> float | None:
    return round(float(total) / int(number), 6) if number else None
