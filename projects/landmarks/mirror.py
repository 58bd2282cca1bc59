"""What becomes of a shape when its image is flipped from left to right."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from projects.landmarks.schema import LandmarkSchema
from projects.landmarks.shape import Floats


def permutation(schema: LandmarkSchema) -> NDArray[np.intp]:
    """For each point the position of its mirror image: (point,). Points in no pair stay; applied twice, all do.

    Takes flags as well: `visibility[permutation(schema)]`.
    """
    order = np.arange(len(schema.points))
    for a, b in schema.mirror:
        i, j = schema.index[a], schema.index[b]
        order[i], order[j] = j, i
    return order


def mirrored(shape: Floats, schema: LandmarkSchema, *, width: float) -> Floats:
    """The shape (…, point, xy) in the flipped image `width` pixels wide; points keep the schema's order.

    The first column of pixels becomes the last, so x turns into width - 1 - x.
    """
    turned = shape[..., permutation(schema), :].copy()
    turned[..., 0] = width - 1 - turned[..., 0]
    return turned
