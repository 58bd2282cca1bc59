"""The mean with each person's weight set by how near to gold she comes: one number for a person."""

import numpy as np

from tasks.consensus.mergers.answers import Floats
from tasks.consensus.mergers.baselines.stack import mean_of
from tasks.consensus.mergers.crowd import Crowd

LEAST = 1e-3  # of the shape's size: nobody is nearer to gold than that


def gold_weighted_mean(crowd: Crowd) -> Floats:
    """Whoever answered no gold has the usual weight; without gold it is the plain mean."""
    order = np.lexsort((np.nansum(crowd.points[..., 0], axis=1), crowd.image))
    image, where = np.unique(crowd.image[order], return_inverse=True)
    points, say = crowd.points[order], _weights(crowd)[order]
    turn = np.arange(len(where)) - np.searchsorted(where, where)  # which answer to its image each is
    answers = np.full((int(turn.max(initial=0)) + 1, len(image), *points.shape[1:]), np.nan)
    weights = np.zeros(answers.shape[:2])
    answers[turn, where], weights[turn, where] = points, say
    return mean_of(answers, np.broadcast_to(weights[..., None], answers.shape[:-1]))


def _weights(crowd: Crowd) -> Floats:
    """Of each answer: one over its annotator's mean squared distance from gold, in shares of the shape's size. (n,)"""
    assert crowd.gold_points is not None
    rows = np.flatnonzero(np.isin(crowd.image, crowd.gold_image))
    by_key = np.argsort(crowd.gold_image)
    truth = crowd.gold_points[by_key[np.searchsorted(crowd.gold_image[by_key], crowd.image[rows])]]
    squared = ((crowd.points[rows] - truth) ** 2).sum(axis=-1)
    both = ~np.isnan(squared)
    judged = both.any(axis=1)
    if not judged.any():
        return np.ones(len(crowd.image))
    centre = np.nanmean(truth[judged], axis=1, keepdims=True)
    size = np.nanmean(((truth[judged] - centre) ** 2).sum(axis=-1), axis=1)
    error = np.nanmean(squared[judged], axis=1) / np.maximum(size, 1e-12)
    key, who = np.unique(crowd.annotator[rows][judged], return_inverse=True)
    own = 1 / (np.bincount(who, weights=error) / np.bincount(who) + LEAST**2)
    weight = np.full(len(crowd.image), np.median(own))
    known = np.isin(crowd.annotator, key)
    weight[known] = own[np.searchsorted(key, crowd.annotator[known])]
    return weight
