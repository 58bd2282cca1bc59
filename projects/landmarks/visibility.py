"""Whether a point could be seen, and how that goes with its coordinates."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from projects.landmarks.shape import Flags, Floats, placed

NOT_LABELLED = 0  # Not placed: outside the picture, or nobody could say where.
OCCLUDED = 1  # Placed by estimate behind whatever hides it.
VISIBLE = 2
ALL = (NOT_LABELLED, OCCLUDED, VISIBLE)


def inconsistent(shape: Floats, visibility: ArrayLike) -> Flags:
    """Where the rule is broken that a point has coordinates exactly if it is labelled: (…, point)."""
    codes = np.asarray(visibility)
    return np.asarray(~np.isin(codes, ALL) | (placed(shape) != (codes > NOT_LABELLED)))


def presumed(shape: Floats) -> NDArray[np.int16]:
    """Codes for a shape that came without any: placed points are visible, the others are not labelled."""
    return np.where(placed(shape), VISIBLE, NOT_LABELLED).astype(np.int16)
