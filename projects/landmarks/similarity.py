"""How well answers to the same image agree, from 0 to 1, each point judged by its own tolerance."""

from __future__ import annotations

import numpy as np

from projects.landmarks.distance import mean_placed, point_errors
from projects.landmarks.schema import LandmarkSchema
from projects.landmarks.shape import Floats, normaliser_length


def tolerances(schema: LandmarkSchema) -> Floats:
    """Fractions of the normaliser's length: (point,). Raises ValueError for a draft that lacks some."""
    given = [point.tolerance for point in schema.points]
    if None in given:
        raise ValueError(f"{schema.keys[given.index(None)]!r} has no tolerance yet.")
    return np.array(given, dtype=float)


def keypoint_similarity(a: Floats, b: Floats, tolerance: Floats, length: Floats | float) -> Floats:
    """Object keypoint similarity of pairs of shapes: (…), over the points placed in both; NaN if there are none.

    The mean of exp(-d² / (2 s² k²)), d the distance, s the normaliser's length (…), k the tolerance per point: a point
    that is one tolerance off counts 0.61, two 0.14. As in COCO's keypoint task (its k is two standard deviations),
    with the normaliser's length for the root of the area.
    """
    unit = np.asarray(length)[..., None] * tolerance
    return mean_placed(np.exp(-0.5 * (point_errors(a, b) / unit) ** 2))


def agreement(points: Floats, schema: LandmarkSchema) -> float:
    """Mean similarity over all pairs of answers (answer, point, xy): from 0 to 1.

    All pairs are measured by one length, the median over the answers, so that one answer of wild size cannot make
    its own errors small. NaN if no two answers share a placed point.
    """
    first, second = np.triu_indices(len(points), k=1)
    lengths = normaliser_length(points, schema)
    known = lengths[np.isfinite(lengths)]
    if not len(first) or not len(known):
        return float("nan")
    pairs = keypoint_similarity(points[first], points[second], tolerances(schema), float(np.median(known)))
    return float(mean_placed(pairs))
