"""Try a recipe on held-back gold: how far off it is, and how far off it thought it might be."""

from dataclasses import dataclass

import numpy as np

from tasks.consensus.mergers.answers import Floats, Ints
from tasks.consensus.mergers.components import Recipe
from tasks.consensus.mergers.estimate import Estimate, estimate
from tasks.consensus.mergers.folds import Fold
from tasks.consensus.mergers.rows import Mask, rows_of, squared

DISASTER = 0.5  # radii: a point further off is not worse still


@dataclass(frozen=True, eq=False)
class Trial:
    """Results on p pseudo-images."""

    source: Ints  # (p,) which gold image each was
    error: Floats  # (p,) mean distance from the truth, in radii
    error_data_only: Floats  # (p,) without the shape prior
    surprise: Floats  # (p, L) squared Mahalanobis distance of the truth; NaN where there is no point


def attempt(recipe: Recipe, folds: list[Fold]) -> Trial:
    """Merge each fold by the recipe and compare with what was kept back."""
    parts = [_judge(fold, estimate(recipe, fold.crowd, rows_of(fold.crowd), fold.teaches)) for fold in folds]
    return Trial(
        source=np.concatenate([p.source for p in parts]),
        error=np.concatenate([p.error for p in parts]),
        error_data_only=np.concatenate([p.error_data_only for p in parts]),
        surprise=np.concatenate([p.surprise for p in parts]),
    )


def _judge(fold: Fold, found: Estimate) -> Trial:
    p = len(fold.truth)
    rows = rows_of(fold.crowd)
    there = (rows.by_image(rows.there.astype(float))[:p] > 0) & ~np.isnan(fold.truth.real)
    centre = np.nanmean(fold.truth, axis=1)[:, None]
    radius = np.sqrt(np.nanmean(squared(fold.truth - centre), axis=1))
    off = found.x[:p] - fold.truth
    inverse = type(found.covariance)(
        found.covariance.xx[:p], found.covariance.xy[:p], found.covariance.yy[:p]
    ).inverse()
    return Trial(
        source=fold.source,
        error=_mean_error(np.abs(off), there, radius),
        error_data_only=_mean_error(np.abs(found.data[:p] - fold.truth), there, radius),
        surprise=np.where(there, inverse.form(off), np.nan),
    )


def _mean_error(distance: Floats, there: Mask, radius: Floats) -> Floats:
    each = np.where(there, np.minimum(distance / radius[:, None], DISASTER), 0.0)
    return np.asarray(each.sum(axis=1) / np.maximum(there.sum(axis=1), 1))
