"""A crowd cut into stacks of images that have equally many answers."""

from collections.abc import Callable

import numpy as np

from tasks.consensus.mergers.answers import Floats
from tasks.consensus.mergers.crowd import Crowd
from tasks.consensus.mergers.geometric_median import stacks
from tasks.consensus.mergers.median_point import sorted_answers

CHUNK = 100_000  # points at a time, counting those of every pair of answers


def by_stack(crowd: Crowd, merge: Callable[[Floats], Floats]) -> Floats:
    """Merge with a function from answers (K, N, L, 2) to points (N, L, 2); (m, L, 2)."""
    image, where = np.unique(crowd.image, return_inverse=True)
    merged = np.full((len(image), *crowd.points.shape[1:]), np.nan)
    most = np.bincount(where).max() if len(where) else 1
    for rows in stacks(where, limit=max(1, CHUNK // int(max(crowd.points.shape[1] * most, 1)))):
        merged[where[rows[0]]] = merge(crowd.points[rows])
    return merged


def by_point(crowd: Crowd, merge: Callable[[Floats], Floats]) -> Floats:
    """The same for functions that look at each point alone: they see its answers sorted, NaN last."""
    return by_stack(crowd, lambda points: merge(sorted_answers(points)))


def mean_of(points: Floats, say: Floats) -> Floats:
    """Points (K, ..., 2) averaged with weights (K, ...); NaN where nobody with any weight placed the point."""
    there = np.where(np.isnan(points[..., 0]), 0.0, say)
    total = there.sum(axis=0)
    sums = (np.nan_to_num(points) * there[..., None]).sum(axis=0)
    return np.asarray(np.where(total[..., None] > 0, sums / np.where(total > 0, total, 1.0)[..., None], np.nan))
