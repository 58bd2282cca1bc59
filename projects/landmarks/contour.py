"""Points along a contour: which way it runs at each of them, and how far across it another answer lies.

Along a jaw people place points at different distances from each other although they trace the same line; only the
part of their difference that is across the line is a disagreement about where the jaw is.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from projects.landmarks.distance import point_errors
from projects.landmarks.schema import Contour, LandmarkSchema
from projects.landmarks.shape import Floats


def chain(contour: Contour, schema: LandmarkSchema) -> NDArray[np.intp]:
    """Positions of the contour's points, in its order; a closed one does not repeat the first."""
    return np.array(schema.positions(contour.points), dtype=np.intp)


def tangents(line: Floats, *, closed: bool) -> Floats:
    """Unit vectors along the line (…, point, xy): from the point before to the point after.

    At an open end, or beside a missing point, from or to the point itself. NaN for a missing point, for one without
    neighbours, and where the two neighbours coincide.
    """
    before, after = np.roll(line, 1, axis=-2), np.roll(line, -1, axis=-2)
    if not closed:
        before[..., :1, :] = after[..., -1:, :] = np.nan
    step = np.where(np.isnan(after), line, after) - np.where(np.isnan(before), line, before)
    length = np.hypot(step[..., 0], step[..., 1])
    step = step / np.where(length > 0, length, np.nan)[..., None]
    return np.where(np.isnan(line), np.nan, step)


def normals(shape: Floats, schema: LandmarkSchema) -> Floats:
    """Unit vectors across the contour at each point: (…, point, xy), the tangent turned from x towards y.

    A point on several contours takes the first that gives it a direction; NaN for a point that none gives one.
    """
    found = np.full(shape.shape, np.nan)
    for contour in schema.contours:
        positions = chain(contour, schema)
        along = tangents(shape[..., positions, :], closed=contour.closed)
        across = np.stack([-along[..., 1], along[..., 0]], axis=-1)
        found[..., positions, :] = np.where(np.isnan(found[..., positions, :]), across, found[..., positions, :])
    return found


def errors_across(truth: Floats, answer: Floats, schema: LandmarkSchema) -> Floats:
    """Distance of each point from the line that the truth draws: (…, point), in the shapes' unit.

    Measured along the truth's normal; where it has none, the plain distance. NaN where either is not placed.
    """
    across = normals(truth, schema)
    over = np.abs(((answer - truth) * across).sum(axis=-1))
    return np.where(np.isnan(across).any(axis=-1), point_errors(truth, answer), over)
