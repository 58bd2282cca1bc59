"""Shapes as arrays: (…, point, xy) in pixels, x right, y down, NaN for a point that is not placed."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from projects.landmarks.schema import LandmarkSchema

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


def as_shape(points: Sequence[Sequence[float | None] | None]) -> Floats:
    """The API's list of [x, y] or null as an array (point, xy).

    A point with only one number counts as not placed. Raises ValueError for a point that is not a pair.
    """
    shape = np.full((len(points), 2), np.nan)
    for i, point in enumerate(points):
        if point is None:
            continue
        if len(point) != 2:
            raise ValueError(f"Point {i} has {len(point)} numbers; a point is [x, y] or null.")
        if point[0] is not None and point[1] is not None:
            shape[i] = point
    return whole(shape)


def as_points(shape: Floats) -> list[list[float] | None]:
    """The inverse of `as_shape`: null where either number is missing."""
    return [xy if there else None for xy, there in zip(shape.tolist(), placed(shape).tolist(), strict=True)]


def placed(shape: Floats) -> Flags:
    """Which points have both numbers, finite: (…, point)."""
    return np.asarray(np.isfinite(shape).all(axis=-1))


def whole(shape: Floats) -> Floats:
    """The shape with both numbers NaN wherever one of them is not finite."""
    return np.where(placed(shape)[..., None], shape, np.nan)


def reference_shape(schema: LandmarkSchema) -> Floats:
    """The schema's mean shape (point, xy) in its own unit; NaN where a draft has none."""
    return np.array([schema.reference.get(key, (np.nan, np.nan)) for key in schema.keys], dtype=float).reshape(-1, 2)


def bounding_box(shape: Floats) -> Floats:
    """Left, top, right, bottom of the placed points: (…, 4); NaN if there are none."""
    there = placed(shape)[..., None]
    low = np.min(shape, axis=-2, where=there, initial=np.inf)
    high = np.max(shape, axis=-2, where=there, initial=-np.inf)
    box = np.concatenate([low, high], axis=-1)
    return np.where(np.isfinite(box), box, np.nan)


def box_diagonal(shape: Floats) -> Floats:
    """Diagonal of the bounding box: (…); NaN if there is no placed point, zero if there is one."""
    box = bounding_box(shape)
    return np.hypot(box[..., 2] - box[..., 0], box[..., 3] - box[..., 1])


def normaliser_length(shape: Floats, schema: LandmarkSchema) -> Floats:
    """The length that errors of this shape are divided by: (…), in the shape's unit, more than zero or NaN.

    If a point of the normaliser is not placed, the length is guessed from the box around those that are: it has the
    same proportion to it as in the reference shape, so that tolerances keep their meaning. Without a reference shape
    the guess is the box's diagonal.
    """
    diagonal = box_diagonal(shape)
    normaliser = schema.normaliser
    if normaliser is None or normaliser.kind == "box_diagonal":
        length = diagonal
    else:
        measured = _distance(shape, schema)
        reference = reference_shape(schema)
        alike = np.where(placed(shape)[..., None], reference, np.nan)
        with np.errstate(divide="ignore", invalid="ignore"):
            proportion = _distance(reference, schema) / box_diagonal(alike)
        proportion = np.where(np.isfinite(proportion), proportion, 1.0)
        length = np.where(np.isfinite(measured), measured, diagonal * proportion)
    return np.where(length > 0, length, np.nan)


def _distance(shape: Floats, schema: LandmarkSchema) -> Floats:
    """Between the means of the normaliser's two groups; NaN if any of their points is missing."""
    assert schema.normaliser is not None
    a = shape[..., schema.positions(schema.normaliser.a), :].mean(axis=-2)
    b = shape[..., schema.positions(schema.normaliser.b), :].mean(axis=-2)
    step = b - a
    return np.asarray(np.hypot(step[..., 0], step[..., 1]))
