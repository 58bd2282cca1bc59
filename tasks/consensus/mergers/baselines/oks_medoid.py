"""The answer most like the others by object keypoint similarity, as annotation tools match skeletons."""

import numpy as np

from tasks.consensus.mergers.answers import Floats
from tasks.consensus.mergers.baselines.medoid import chosen
from tasks.consensus.mergers.baselines.stack import by_stack
from tasks.consensus.mergers.crowd import Crowd

SIGMA = 0.1  # the usual setting of such tools, the same for every landmark


def oks_medoid(crowd: Crowd) -> Floats:
    """Similarity saturates, so a disaster weighs no more than a slip."""
    return by_stack(crowd, _most_alike)


def _most_alike(points: Floats) -> Floats:
    """(K, N, L, 2) -> (N, L, 2)"""
    there = ~np.isnan(points[..., :1])
    high = np.where(there, points, -np.inf).max(axis=2)
    low = np.where(there, points, np.inf).min(axis=2)
    boxes = np.where(
        there.any(axis=2), np.prod(np.where(there.any(axis=2), high - low, 1.0), axis=-1, keepdims=True), 0
    )
    area = np.maximum(np.median(boxes[..., 0], axis=0), 1e-9)  # (N,) px^2
    alike = np.stack([_similarity(points, one, area) for one in points])
    return chosen(points, -alike.mean(axis=0))


def _similarity(points: Floats, one: Floats, area: Floats) -> Floats:
    """(K, N)"""
    squared = ((points - one) ** 2).sum(axis=-1)
    both = ~np.isnan(squared)
    like = np.where(both, np.exp(-np.where(both, squared, 0.0) / (2 * area[:, None] * (2 * SIGMA) ** 2)), 0.0)
    return np.asarray(like.sum(axis=-1) / np.maximum(both.sum(axis=-1), 1))
