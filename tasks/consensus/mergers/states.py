"""Merging where people hold mistaken beliefs: each point was placed tightly, loosely or grossly wrong, and all
combinations are weighed.

Exact enumeration of the states of the answers to one point, so two camps stay two camps; what is returned is the
posterior's geometric median. Needs no common frame and no shape, only gold to learn the states from.
"""

from dataclasses import dataclass

import numpy as np

from tasks.consensus.mergers.answers import Floats
from tasks.consensus.mergers.matrices import Matrix
from tasks.consensus.mergers.rows import Complex, Rows, squared

TIGHT, LOOSE, GROSS = 0, 1, 2
AT_MOST = 243  # combinations kept: all of five answers'
POINTS = 4000  # at a time
ROUNDS = 25  # of learning
MEDIAN_STEPS = 12
LANDMARK, PERSON_SCALE, PERSON_ODDS = 40.0, 20.0, 15.0  # what the priors are worth, in points


@dataclass(frozen=True, eq=False)
class States:
    """How a crowd's points err, in units of the shape's radius."""

    variance: Floats  # (L, 3) of one coordinate
    share: Floats  # (L, 3)
    person_variance: Floats  # (J,) of the tight state, times the landmark's
    person_odds: Floats  # (J,) of the gross state, times the landmark's


def learn(rows: Rows, y: Complex, gold: Complex, *, learn_people: bool) -> States | None:
    """From answers y (n, L) to images whose truth (N, L) is known, both in radii; None if there is too little."""
    known = ~np.isnan(gold.real)[rows.image] & rows.there
    if known.sum() < 100:
        return None
    number = rows.z.shape[1]
    d2 = np.where(known, squared(y - np.where(known, gold[rows.image], 0)), 0.0)
    middle = float(np.median(d2[known])) / 1.386
    pooled = middle * np.array([0.5, 4.0, 200.0])
    variance, share = np.tile(pooled, (number, 1)), np.tile([0.6, 0.3, 0.1], (number, 1))
    scale, odds = np.ones(rows.people), np.ones(rows.people)
    for _ in range(ROUNDS):
        chance = known[..., None] * _responsibility(d2, variance, share, scale[rows.person], odds[rows.person])
        times = chance.sum(axis=0)  # (L, 3)
        own = np.ones((len(y), 1, 3))
        own[:, 0, TIGHT] = scale[rows.person]
        sums = (chance * d2[..., None] / own).sum(axis=0) / 2
        pooled = sums.sum(axis=0) / np.maximum(times.sum(axis=0), 1e-9)
        share_all = times.sum(axis=0) / times.sum()
        variance = (sums + LANDMARK * pooled) / (times + LANDMARK)
        variance[:, GROSS] = pooled[GROSS]
        share = (times + LANDMARK * share_all) / (times.sum(axis=1, keepdims=True) + LANDMARK)
        if learn_people:
            tight = rows.by_person(chance[..., TIGHT] * d2 / (2 * variance[:, TIGHT])).sum(axis=1)
            scale = (PERSON_SCALE + tight) / (PERSON_SCALE + rows.by_person(chance[..., TIGHT]).sum(axis=1))
            gross = rows.by_person(chance[..., GROSS]).sum(axis=1)
            expected = rows.by_person(known * share[:, GROSS]).sum(axis=1)
            each = share_all[GROSS] * PERSON_ODDS
            odds = (gross + each) / (expected + each)
    return States(variance=variance, share=share, person_variance=scale, person_odds=odds)


def _responsibility(d2: Floats, variance: Floats, share: Floats, scale: Floats, odds: Floats) -> Floats:
    """How likely each state is for each point (n, L, 3)"""
    log = np.empty((*d2.shape, 3))
    for state in (TIGHT, LOOSE, GROSS):
        v = variance[:, state] * (scale[:, None] if state == TIGHT else 1.0)
        more = odds[:, None] if state == GROSS else 1.0
        log[..., state] = np.log(share[:, state] * more / v) - d2 / (2 * v)
    log -= log.max(axis=2, keepdims=True)
    chance = np.exp(log)
    return np.asarray(chance / chance.sum(axis=2, keepdims=True))


def merge(states: States, rows: Rows, y: Complex, *, temper: float) -> tuple[Complex, Matrix]:
    """Where each point of each image (N, L) lies, 0 where nobody placed it, and its covariance, in radii.

    A temper below 1 trusts agreement less: people who are wrong are often wrong together.
    """
    count = np.bincount(rows.image, minlength=rows.images)
    first = np.cumsum(count) - count
    x = np.zeros((rows.images, y.shape[1]), complex)
    xx, xy, yy = np.zeros(x.shape), np.zeros(x.shape), np.zeros(x.shape)
    step = max(1, POINTS // max(1, y.shape[1]))
    for k in np.unique(count[count > 0]):
        images = np.flatnonzero(count == k)
        for part in range(0, len(images), step):
            chosen = images[part : part + step]
            stack = first[chosen] + np.arange(k)[:, None]
            mixture = _Mixture(states, y.shape[1])
            for row in stack:
                mixture.add(y[row], rows.there[row] * rows.vote[row, None], rows.person[row])
            x[chosen], left = mixture.middle(temper)
            xx[chosen], xy[chosen], yy[chosen] = left.xx, left.xy, left.yy
    return x, Matrix(xx, xy, yy)


class _Mixture:
    """The posterior of points (N, L): Gaussians with a log weight, a mean and a precision for each combination."""

    def __init__(self, states: States, landmarks: int) -> None:
        self.states = states
        self.log = np.zeros((1, 1, landmarks))  # (C, N, L)
        self.mean = np.zeros((1, 1, landmarks), complex)
        self.precision = np.zeros((1, 1, landmarks))

    def add(self, y: Complex, vote: Floats, person: np.ndarray) -> None:
        """One more answer to each image: y, vote (N, L), person (N,)"""
        s = self.states
        log, mean, precision = [], [], []
        for state in (TIGHT, LOOSE, GROSS):
            p = vote / (s.variance[:, state] * (s.person_variance[person][:, None] if state == TIGHT else 1.0))
            share = s.share[:, state] * (s.person_odds[person][:, None] if state == GROSS else 1.0)
            total = self.precision + p
            safe = np.where(total > 0, total, 1.0)
            new = p > 0
            # With no prior for the place itself the first answer fits anywhere.
            fits = np.where(self.precision > 0, self.precision * p / safe, 1.0)
            apart = np.where(self.precision > 0, fits * squared(y - self.mean), 0.0)
            log.append(
                self.log + np.where(new, vote * np.log(share) + np.log(np.where(new, fits, 1.0)) - apart / 2, 0.0)
            )
            mean.append(np.where(total > 0, (self.precision * self.mean + p * y) / safe, 0))
            precision.append(total)
        self.log, self.mean, self.precision = (np.concatenate(a) for a in (log, mean, precision))
        if len(self.log) > AT_MOST:
            best = np.argpartition(-self.log, AT_MOST, axis=0)[:AT_MOST]
            self.log, self.mean, self.precision = (
                np.take_along_axis(a, best, axis=0) for a in (self.log, self.mean, self.precision)
            )

    def middle(self, temper: float) -> tuple[Complex, Matrix]:
        """The geometric median of the mixture, and the covariance about it."""
        weight = np.exp(temper * (self.log - self.log.max(axis=0)))
        weight /= weight.sum(axis=0)
        width = np.where(self.precision > 0, 1 / np.where(self.precision > 0, self.precision, 1.0), 0.0)
        x = (weight * self.mean).sum(axis=0)
        for _ in range(MEDIAN_STEPS):
            pull = weight / np.sqrt(squared(self.mean - x) + width + 1e-12)
            x = (pull * self.mean).sum(axis=0) / pull.sum(axis=0)
        off = self.mean - x
        xx = (weight * (off.real**2 + width)).sum(axis=0)
        yy = (weight * (off.imag**2 + width)).sum(axis=0)
        return x, Matrix(xx, (weight * off.real * off.imag).sum(axis=0), yy)
