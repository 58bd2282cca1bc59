"""How sure a geometric median is, honestly also where there are one, two or three answers."""

from dataclasses import dataclass

import numpy as np

from tasks.consensus.mergers.answers import Floats

LOSS_AGAINST_MEAN = 4 / np.pi  # Variance of a planar geometric median over the mean's, normal errors.
RAYLEIGH_MEDIAN = np.sqrt(2 * np.log(2))  # The median distance of a planar normal error, in sd of one coordinate.
TAIL = 4.0  # degrees of freedom: real errors are far from normal


@dataclass(frozen=True, eq=False)
class Spread:
    covariance: Floats  # (N, L, 2, 2) px^2
    weights: Floats  # (K, N), each image's add up to 1
    residuals: Floats  # (K, N, L) px


def typical_scatter(fused: Floats, tolerance: Floats | None, relative: float) -> Floats:
    """What sd one careful answer has in each coordinate, before any was seen. (N, L, 2) -> (N, L) px

    Half the tolerance of the schema where there is one, else a share of the shape's root-mean-square radius.
    """
    if tolerance is not None:
        return np.broadcast_to(tolerance / 2, fused.shape[:2])
    there = ~np.isnan(fused[..., 0])
    number = np.maximum(there.sum(axis=1), 1)
    filled = np.where(there[..., None], fused, 0.0)
    centre = filled.sum(axis=1) / number[:, None]
    radius = np.sqrt((np.where(there[..., None], filled - centre[:, None], 0.0) ** 2).sum(axis=(1, 2)) / number)
    sd = np.where(radius > 0, relative * radius, 1.0)  # A single point has no size: about a pixel, then.
    return np.broadcast_to(sd[:, None], fused.shape[:2])


def spread_of(
    points: Floats,
    answers: Floats,
    fused: Floats,
    prior: Floats,
    *,
    prior_answers: float,
) -> Spread:
    """Scatter of each point, shrunk to the image's pooled isotropic scatter, and that to the prior.

    points (K, N, L, 2) as they came and answers the same sorted; fused (N, L, 2); prior (N, L) px.
    """
    ratio = _pooled_ratio(answers, fused, prior, prior_answers)
    sd = ratio[:, None] * prior
    apart = answers - fused
    there = ~np.isnan(apart[..., 0])
    apart = np.where(there[..., None], apart, 0.0)
    number = there.sum(axis=0)
    # Of two answers neither can be told to be the outlier: their whole distance counts.
    weight = np.where(number > 2, _tail_weight((apart**2).sum(axis=-1), sd), 1.0)
    outer = np.stack([apart[..., 0] ** 2, apart[..., 0] * apart[..., 1], apart[..., 1] ** 2], axis=-1)
    scatter = (weight[..., None] * outer).sum(axis=0)
    isotropic = np.stack([sd**2, np.zeros_like(sd), sd**2], axis=-1)
    one = (scatter + prior_answers * isotropic) / (np.maximum(number - 1, 0) + prior_answers)[..., None]
    loss = np.where(number > 2, LOSS_AGAINST_MEAN, 1.0) / np.maximum(number, 1)
    covariance = (one * loss[..., None])[..., [0, 1, 1, 2]].reshape(*one.shape[:2], 2, 2)
    covariance[number == 0] = np.nan
    residuals = np.linalg.norm(points - fused, axis=-1)
    return Spread(covariance=covariance, weights=_shares(residuals, sd), residuals=residuals)


def _pooled_ratio(answers: Floats, fused: Floats, prior: Floats, prior_answers: float) -> Floats:
    """How much more than the prior the answers to an image scatter, from their median distance. (N,)"""
    there = ~np.isnan(answers[..., 0])
    number = there.sum(axis=0)
    use = there & (number > 1)
    inflate = np.sqrt(number / np.maximum(number - 1, 1)) / RAYLEIGH_MEDIAN  # The median itself used up one answer.
    ratio = np.where(use, np.linalg.norm(answers - fused, axis=-1) / prior * inflate, np.nan)
    ratio = np.sort(np.moveaxis(ratio, 1, 0).reshape(ratio.shape[1], -1), axis=1)  # NaN last
    seen = use.sum(axis=(0, 2))
    middle = np.take_along_axis(ratio, np.maximum(seen - 1, 0)[:, None] // 2, axis=1)[:, 0]
    middle = np.where(seen > 0, middle, 1.0)
    degrees = np.where(use, 1.0 - 1.0 / np.maximum(number, 1), 0.0).sum(axis=(0, 2))
    return np.asarray(np.sqrt((degrees * middle**2 + prior_answers) / (degrees + prior_answers)))


def _tail_weight(squared: Floats, sd: Floats) -> Floats:
    return np.asarray((TAIL + 2) / (TAIL + squared / sd**2))


def _shares(residuals: Floats, sd: Floats) -> Floats:
    """(K, N, L) px -> (K, N)"""
    there = ~np.isnan(residuals)
    say = np.where(there, _tail_weight(np.where(there, residuals, 0.0) ** 2, sd), 0.0).sum(axis=2)
    total = np.sort(say, axis=0).sum(axis=0)  # Sorted: the same sum whatever the order of the answers.
    return np.asarray(np.where(total > 0, say / np.where(total > 0, total, 1.0), 0.0))
