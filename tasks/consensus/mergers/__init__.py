"""Every way of merging answers: many people's points in, one set of points and its uncertainty out."""

from tasks.consensus.mergers.geometric_median import GeometricMedian
from tasks.consensus.mergers.reliability import Reliability

MERGERS = {
    "median": GeometricMedian,
    "reliability": Reliability,
}
