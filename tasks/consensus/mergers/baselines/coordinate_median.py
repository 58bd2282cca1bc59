"""The median of x and the median of y, each by itself."""

import numpy as np

from tasks.consensus.mergers.answers import Floats
from tasks.consensus.mergers.baselines.stack import by_point
from tasks.consensus.mergers.crowd import Crowd


def coordinate_median(crowd: Crowd) -> Floats:
    """Robust, but it depends on how the picture is turned."""
    return by_point(crowd, _median)


def _median(points: Floats) -> Floats:
    number = np.count_nonzero(~np.isnan(points[..., 0]), axis=0)[None, ..., None]
    rising = np.sort(points, axis=0)  # NaN last
    below = np.take_along_axis(rising, np.maximum(number - 1, 0) // 2, axis=0)
    above = np.take_along_axis(rising, number // 2, axis=0)
    return np.asarray(np.where(number > 0, (below + above) / 2, np.nan)[0])
