"""How far apart two shapes are."""

from __future__ import annotations

import numpy as np

from projects.landmarks.schema import LandmarkSchema
from projects.landmarks.shape import Floats, normaliser_length


def point_errors(a: Floats, b: Floats) -> Floats:
    """Euclidean distance per point: (…, point), in the shapes' unit; NaN where either is not placed."""
    step = b - a
    return np.asarray(np.hypot(step[..., 0], step[..., 1]))


def normalised_errors(truth: Floats, answer: Floats, schema: LandmarkSchema) -> Floats:
    """Distances per point as fractions of the truth's normaliser length: (…, point)."""
    return np.asarray(point_errors(truth, answer) / normaliser_length(truth, schema)[..., None])


def nme(truth: Floats, answer: Floats, schema: LandmarkSchema) -> Floats:
    """Normalised mean error: (…), over the points placed in both; NaN if there are none.

    As in the 300-W and WFLW benchmarks, where the normaliser is the distance of the outer eye corners.
    """
    return mean_placed(normalised_errors(truth, answer, schema))


def mean_placed(values: Floats) -> Floats:
    """Mean over the last axis without its NaNs; NaN, and no warning, where all are."""
    there = ~np.isnan(values)
    count = there.sum(axis=-1)
    total = np.where(there, values, 0.0).sum(axis=-1)
    return np.asarray(total / np.where(count > 0, count, np.nan))
