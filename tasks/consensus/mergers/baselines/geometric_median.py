"""The geometric median, from which every claim of the benchmark is counted."""

from tasks.consensus.mergers.answers import Floats
from tasks.consensus.mergers.crowd import Crowd
from tasks.consensus.mergers.geometric_median import GeometricMedian


def geometric_median(crowd: Crowd) -> Floats:
    """Knows nothing of people or shapes."""
    return GeometricMedian().merge_all(crowd).points
