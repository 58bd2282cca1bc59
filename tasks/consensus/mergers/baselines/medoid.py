"""The one answer that is nearest to the others: selection, as when a tool keeps the best annotation."""

import numpy as np

from tasks.consensus.mergers.answers import Floats
from tasks.consensus.mergers.baselines.stack import by_stack
from tasks.consensus.mergers.crowd import Crowd


def medoid(crowd: Crowd) -> Floats:
    """It can never be better than one person's answer."""
    return by_stack(crowd, _nearest)


def _nearest(points: Floats) -> Floats:
    """(K, N, L, 2) -> (N, L, 2); what only one of two placed says nothing about how far they are apart."""
    apart = np.stack([_mean(np.linalg.norm(points - one, axis=-1)) for one in points])
    return chosen(points, apart.mean(axis=0))


def chosen(points: Floats, badness: Floats) -> Floats:
    """Of each image's answers (K, N, L, 2) the one of least badness (K, N); of equally bad ones the leftmost."""
    left = np.nansum(points[..., 0], axis=2)
    best = np.lexsort((left, np.round(badness, 9)), axis=0)[0]
    return np.asarray(points[best, np.arange(points.shape[1])])


def _mean(distance: Floats) -> Floats:
    """Over the landmarks of (K, N, L); answers with no landmark in common are as far apart as can be."""
    both = ~np.isnan(distance)
    number = both.sum(axis=-1)
    total = np.where(both, distance, 0.0).sum(axis=-1)
    return np.asarray(np.where(number > 0, total / np.maximum(number, 1), 1e9))
