"""Simple ways of merging, to measure the mergers against; nobody should choose one of these for a project.

Each takes a crowd and gives the points (m, L, 2) px of its images in rising order, NaN where it finds none.
"""

from tasks.consensus.mergers.baselines.clusters import clusters_within
from tasks.consensus.mergers.baselines.coordinate_median import coordinate_median
from tasks.consensus.mergers.baselines.geometric_median import geometric_median
from tasks.consensus.mergers.baselines.gold_weighted_mean import gold_weighted_mean
from tasks.consensus.mergers.baselines.mean import mean
from tasks.consensus.mergers.baselines.medoid import medoid
from tasks.consensus.mergers.baselines.oks_medoid import oks_medoid

BASELINES = {
    "mean": mean,
    "coordinate median": coordinate_median,
    "geometric median": geometric_median,
    "medoid": medoid,
    "OKS medoid": oks_medoid,
    "gold-weighted mean": gold_weighted_mean,
    "DBSCAN eps 5 min 3": clusters_within(pixels=5.0, least=3),
    "DBSCAN eps 10 min 2": clusters_within(pixels=10.0, least=2),
}
