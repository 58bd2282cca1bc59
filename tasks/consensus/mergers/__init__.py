"""Every way of merging answers: many people's points in, one set of points and its uncertainty out."""

from tasks.consensus.mergers.geometric_median import GeometricMedian

MERGERS = {
    "median": GeometricMedian,
}
