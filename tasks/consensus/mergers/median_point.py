"""The geometric median itself: Newton's method, with Weiszfeld's step wherever Newton's would not help.

Weiszfeld 1937; Vardi & Zhang 2000 for the case that the median is one of the answers.
"""

import numpy as np
from numpy.typing import NDArray

from tasks.consensus.mergers.answers import Floats


def sorted_answers(points: Floats) -> Floats:
    """Each point's answers (K, ..., 2) from left to right, NaN last: whatever order they came in, the same bits."""
    order = np.lexsort((points[..., 1], points[..., 0]), axis=0)
    return np.asarray(np.take_along_axis(points, order[..., None], axis=0))


def median_point(answers: Floats, *, max_rounds: int) -> Floats:
    """(K, ..., 2) sorted, NaN = not placed -> (..., 2); NaN where nobody placed the point."""
    k = len(answers)
    flat = answers.reshape(k, -1, 2)
    number = np.count_nonzero(~np.isnan(flat[..., 0]), axis=0)
    best = flat[0].copy()  # One answer is its own median.
    two = number == 2
    if two.any():
        best[two] = 0.5 * flat[0, two] + 0.5 * flat[1, two]
    for n in np.unique(number[number > 2]):
        chosen = np.flatnonzero(number == n)
        best[chosen] = _of_several(np.ascontiguousarray(flat[:n, chosen]), max_rounds)
    return np.asarray(best.reshape(answers.shape[1:]))


def _of_several(y: Floats, max_rounds: int) -> Floats:
    """(K, P, 2) all placed, K > 2 -> (P, 2)"""
    x, settled = _best_answer(y)
    active = np.flatnonzero(~settled)
    if len(active):
        x[active] = np.median(y[:, active], axis=0)
    for _ in range(max_rounds):
        if not len(active):
            break
        now = y[:, active]
        new = _step(now, x[active])
        moved = np.linalg.norm(new - x[active], axis=-1)
        x[active] = new
        active = active[moved > 1e-11 * np.abs(now - new).max(axis=(0, 2))]
    return x


def _best_answer(y: Floats) -> tuple[Floats, NDArray[np.bool_]]:
    """The answer with the least sum of distances, and whether no other place at all is better (P, 2), (P,)"""
    k = len(y)
    total = np.stack([_distances(y, y[j]).sum(axis=0) for j in range(k)])
    x = np.take_along_axis(y, np.argmin(total, axis=0)[None, :, None], axis=0)[0]
    apart = y - x
    d = np.linalg.norm(apart, axis=-1)
    here = d == 0
    pull = (apart / np.where(here, 1.0, d)[..., None]).sum(axis=0)
    return x, np.linalg.norm(pull, axis=-1) <= np.count_nonzero(here, axis=0)


def _step(y: Floats, x: Floats) -> Floats:
    """One step downhill from x (P, 2), never one up; from an answer's own place it leaves as Vardi & Zhang say."""
    apart = y - x
    d = np.linalg.norm(apart, axis=-1)
    here = d == 0
    inverse = np.where(here, 0.0, 1 / np.where(here, 1.0, d))
    unit = apart * inverse[..., None]
    pull = unit.sum(axis=0)
    held = np.count_nonzero(here, axis=0) / np.maximum(np.linalg.norm(pull, axis=-1), 1e-12)
    weight = np.maximum(inverse.sum(axis=0), 1e-300)
    weiszfeld = x + pull * (np.maximum(1 - held, 0) / weight)[:, None]
    xx = (unit[..., 1] ** 2 * inverse).sum(axis=0) / weight
    yy = (unit[..., 0] ** 2 * inverse).sum(axis=0) / weight
    xy = -(unit[..., 0] * unit[..., 1] * inverse).sum(axis=0) / weight
    determinant = xx * yy - xy * xy
    solvable = determinant > 1e-9  # Answers on one line have no curvature across it.
    safe = (np.where(solvable, determinant, 1.0) * weight)[:, None]
    newton = x + np.stack([yy * pull[:, 0] - xy * pull[:, 1], xx * pull[:, 1] - xy * pull[:, 0]], -1) / safe
    better = solvable & (_distances(y, newton).sum(axis=0) <= _distances(y, weiszfeld).sum(axis=0))
    return np.asarray(np.where(better[:, None], newton, weiszfeld))


def _distances(y: Floats, x: Floats) -> Floats:
    return np.asarray(np.linalg.norm(y - x, axis=-1))
