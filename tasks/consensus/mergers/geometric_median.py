"""The point nearest to all answers together: up to half of them may be wild without moving it far."""

import numpy as np
from numpy.typing import NDArray

from tasks.consensus.mergers.answers import (
    NOTHING,
    UNUSABLE,
    Answers,
    Floats,
    Merged,
    merged_visibility,
)
from tasks.consensus.mergers.crowd import Crowd, MergedCrowd
from tasks.consensus.mergers.median_point import median_point, sorted_answers
from tasks.consensus.mergers.median_spread import Spread, spread_of, typical_scatter

CHUNK = 200_000  # points fused at a time, which bounds the memory whatever the number of images


class GeometricMedian:
    """Needs to know nothing about the people or the shape, and is what every other merger falls back to.

    Two answers give their midpoint, one gives itself; equal answers come back bit for bit, in any order.
    """

    method, version = "median", "1"

    def __init__(
        self,
        *,
        max_rounds: int = 60,
        prior_scatter: float = 0.03,  # sd of a coordinate / size of the shape, where no tolerance is known
        prior_answers: float = 4.0,  # how many answers that prior is worth
    ) -> None:
        self.max_rounds = max_rounds
        self.prior_scatter = prior_scatter
        self.prior_answers = prior_answers

    def merge(self, answers: Answers) -> Merged:
        """Merge the answers to one image."""
        points, spread = self._merge_stack(answers.points[:, None], answers.tolerance)
        placed = ~np.isnan(answers.points[..., 0])
        return Merged(
            points=points[0],
            points_data_only=points[0].copy(),
            covariance=spread.covariance[0],
            visibility=merged_visibility(placed, answers.visibility),
            weights=spread.weights[:, 0],
            residuals=spread.residuals[:, 0],
            flags=_flags(placed),
            method=self.method,
            version=self.version,
        )

    def merge_all(self, crowd: Crowd) -> MergedCrowd:
        """Merge every image of the crowd; gold is not looked at but to judge the annotators."""
        n, count = crowd.points.shape[:2]
        image, where = np.unique(crowd.image, return_inverse=True)
        points = np.full((len(image), count, 2), np.nan)
        covariance = np.full((len(image), count, 2, 2), np.nan)
        residual, weight = np.full((n, count), np.nan), np.zeros(n)
        for rows in stacks(where, limit=max(1, CHUNK // max(count, 1))):
            fused, spread = self._merge_stack(crowd.points[rows], None)
            points[where[rows[0]]], covariance[where[rows[0]]] = (
                fused,
                spread.covariance,
            )
            residual[rows], weight[rows] = spread.residuals, spread.weights
        annotator, error = annotator_errors(crowd, points, where)
        return MergedCrowd(
            image=image,
            points=points,
            points_data_only=points.copy(),
            covariance=covariance,
            annotator=annotator,
            annotator_error=error,
            flag=_flags(~np.isnan(crowd.points[..., 0])),
            weight=weight,
            residual=residual,
            method=self.method,
            version=self.version,
        )

    def _merge_stack(self, points: Floats, tolerance: Floats | None) -> tuple[Floats, Spread]:
        """(K, N, L, 2) -> (N, L, 2) and its spread."""
        answers = sorted_answers(points)
        fused = median_point(answers, max_rounds=self.max_rounds)
        prior = typical_scatter(fused, tolerance, self.prior_scatter)
        return fused, spread_of(points, answers, fused, prior, prior_answers=self.prior_answers)


def stacks(where: NDArray[np.int64], *, limit: int) -> list[NDArray[np.int64]]:
    """Rows (K, N) of images with equally many answers, at most `limit` images at a time; `where` (n,) from 0."""
    order = np.argsort(where, kind="stable")
    count = np.bincount(where) if len(where) else np.zeros(0, np.int64)
    first = np.cumsum(count) - count
    found = []
    for k in np.unique(count[count > 0]):
        images = np.flatnonzero(count == k)
        for start in range(0, len(images), limit):
            found.append(order[first[images[start : start + limit]] + np.arange(k)[:, None]])
    return found


def annotator_errors(crowd: Crowd, merged: Floats, where: NDArray[np.int64]) -> tuple[NDArray[np.int64], Floats]:
    """Each person's usual distance, as a share of the shape's size, to gold or else to the merged answer."""
    target = merged.copy()
    image = np.unique(crowd.image)
    assert crowd.gold_points is not None
    known = np.isin(crowd.gold_image, image)
    target[np.searchsorted(image, crowd.gold_image[known])] = crowd.gold_points[known]
    with np.errstate(invalid="ignore"):
        size = np.sqrt(_mean(np.sum((target - _mean(target, 1)[:, None]) ** 2, axis=-1), 1))
        distance = np.linalg.norm(crowd.points - target[where], axis=-1) / np.maximum(size, 1e-9)[where, None]
        each = _mean(np.minimum(distance, 0.2), 1)  # One disaster must not outweigh a hundred careful answers.
    annotator, who = np.unique(crowd.annotator, return_inverse=True)
    judged = ~np.isnan(each)
    total = np.bincount(who[judged], each[judged], len(annotator))
    number = np.bincount(who[judged], minlength=len(annotator))
    return annotator, np.where(number > 0, total / np.maximum(number, 1), np.nan)


def _mean(values: Floats, axis: int) -> Floats:
    """Mean of what is not NaN; NaN where nothing is left."""
    there = ~np.isnan(values)
    number = there.sum(axis=axis)
    return np.asarray(
        np.where(
            number > 0,
            np.where(there, values, 0.0).sum(axis=axis) / np.maximum(number, 1),
            np.nan,
        )
    )


def _flags(placed: NDArray[np.bool_]) -> NDArray[np.int8]:
    return np.where(placed.any(axis=-1), NOTHING, UNUSABLE).astype(np.int8)
