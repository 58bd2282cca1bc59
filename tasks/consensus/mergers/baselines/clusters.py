"""Each point's answers clustered by density (DBSCAN, Ester et al. 1996): the mean of the largest cluster."""

from collections.abc import Callable

import numpy as np

from tasks.consensus.mergers.answers import Floats
from tasks.consensus.mergers.baselines.stack import by_point, mean_of
from tasks.consensus.mergers.crowd import Crowd


def clusters_within(*, pixels: float, least: int) -> Callable[[Crowd], Floats]:
    """A point has a place only where `least` answers, the middle one counted, lie within so many pixels of one."""

    def largest_cluster(crowd: Crowd) -> Floats:
        return by_point(crowd, lambda points: _largest(points, pixels, least))

    return largest_cluster


def _largest(points: Floats, pixels: float, least: int) -> Floats:
    """(K, N, L, 2) -> (N, L, 2)"""
    k = len(points)
    apart = np.stack([np.linalg.norm(points - one, axis=-1) for one in points])  # (K, K, N, L)
    near = np.moveaxis(apart <= pixels, (0, 1), (-2, -1))  # (N, L, K, K); False for what was not placed
    core = near.sum(axis=-1) >= least
    joined = near & core[..., None] & core[..., None, :]
    for _ in range(max(k - 1, 1).bit_length()):
        joined = joined | np.matmul(joined.astype(np.float32), joined.astype(np.float32)).astype(bool)
    member = np.matmul(joined.astype(np.float32), near.astype(np.float32)) > 0  # cores, and what is near to any
    size = np.where(core, member.sum(axis=-1), 0)
    best = np.argmax(size, axis=-1)  # of equally large ones that with the leftmost core
    in_best = np.take_along_axis(member, best[..., None, None], axis=-2)[..., 0, :] & (size.max(axis=-1) > 0)[..., None]
    return mean_of(points, np.moveaxis(in_best, -1, 0).astype(float))
