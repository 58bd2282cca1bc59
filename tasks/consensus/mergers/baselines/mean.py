"""The plain mean of each point, as most tools that merge at all would have it."""

import numpy as np

from tasks.consensus.mergers.answers import Floats
from tasks.consensus.mergers.baselines.stack import by_point, mean_of
from tasks.consensus.mergers.crowd import Crowd


def mean(crowd: Crowd) -> Floats:
    """One wild answer moves it as far as it likes."""
    return by_point(crowd, lambda points: mean_of(points, np.ones(points.shape[:-1])))
