"""Error bars made honest: how much wider they must be for 95 of 100 held-back truths to lie inside."""

import numpy as np

from tasks.consensus.mergers.answers import Floats, Ints
from tasks.consensus.mergers.trial import Trial

LEVEL, CHI_SQUARED = 0.955, 5.991  # A little above the 0.95 wanted: the gold is a sample. Two degrees of freedom.
WITHOUT_GOLD = 1.5  # What the model's own spread is short of, for want of anything better to go by.
ENOUGH = 15  # gold images, to tell the parts of a shape apart
LEAST, MOST = 0.05, 400.0


def factors(trial: Trial | None, group: Ints) -> Floats:
    """For each landmark (L,) what its covariance must be multiplied by; the groups (L,) are calibrated apart."""
    if trial is None or np.isnan(trial.surprise).all():
        return np.full(len(group), WITHOUT_GOLD)
    result = np.full(len(group), _quantile(trial.surprise))
    if len(np.unique(trial.source)) >= ENOUGH:
        for part in np.unique(group):
            surprise = trial.surprise[:, group == part]
            if not np.isnan(surprise).all():
                result[group == part] = _quantile(surprise)
    return np.asarray(np.clip(result, LEAST, MOST))


def _quantile(surprise: Floats) -> float:
    return float(np.nanquantile(surprise, LEVEL)) / CHI_SQUARED
