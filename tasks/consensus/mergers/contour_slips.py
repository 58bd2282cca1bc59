"""Contours put down one place too far, one too short or backwards: told from what the others say."""

from dataclasses import dataclass

import numpy as np

from tasks.consensus.mergers.answers import Floats, Ints
from tasks.consensus.mergers.crowd import Contour
from tasks.consensus.mergers.errors_model import Beliefs
from tasks.consensus.mergers.frame import similarity
from tasks.consensus.mergers.rows import Complex, Mask, Rows
from tasks.consensus.mergers.shape_prior import ShapePrior, unlikeliness

SHORTEST = 5  # A shorter contour says too little.
TOTAL_GAIN, MEAN_GAIN, RATIO, GOOD = 12.0, 0.8, 0.65, 3.0  # in nats; the mean cost after over before; after
PRIOR_GAIN = 4.0  # nats
NOTHING_KNOWN = 1e6  # variances of a point that is not there


@dataclass(frozen=True, eq=False)
class Repair:
    rows: Rows
    y: Complex
    mended: Mask  # (n,)
    doubtful: Mask  # (N,) images where one of two answers must be wrong, and none could be told to be


def mend(
    rows: Rows,
    y: Complex,
    say: Floats,
    gold: Complex,
    now: Beliefs,
    contours: tuple[Contour, ...],
    prior: ShapePrior | None,
    steady: Floats,
) -> Repair:
    """Put right each contour that would fit the others far better one place along, or backwards.

    Where two answers accuse each other the shape prior decides; where there is none yet, nothing is done.
    `steady` (L,) is how much each landmark says about the frame.
    """
    z, there, y = rows.z.copy(), rows.there.copy(), y.copy()
    mended, unsolved = np.zeros(len(y), bool), np.zeros(rows.images, bool)
    known = ~np.isnan(gold[:, 0].real)
    for contour in contours:
        if len(contour.points) < SHORTEST:
            continue
        at = np.array(contour.points)
        sources = _sources(len(at), contour.closed)
        accused, way = _accused(rows, y, say, now, known, at, sources)
        doubtful = _doubtful(rows, accused, known)
        if not accused.any():
            continue
        mend_now = accused & ~doubtful[rows.image]
        if prior is not None:
            mend_now |= _unlikeliest(
                rows, y, now, prior, steady, at, sources[way], np.flatnonzero(doubtful[rows.image])
            )
        k = np.flatnonzero(mend_now)[:, None]
        source = sources[way[mend_now]]
        from_there = (source >= 0) & rows.there[k, at[source]]
        z[k, at] = np.where(from_there, rows.z[k, at[source]], 0)
        y[k, at] = np.where(from_there, y[k, at[source]], 0)
        there[k, at] = from_there
        mended |= mend_now
        unsolved |= doubtful & (rows.by_image(mend_now.astype(int)) == 0)
    return Repair(rows=rows.with_points(z, there), y=y, mended=mended, doubtful=unsolved)


def _sources(number: int, closed: bool) -> Ints:
    """From where each place of a contour would take its point, one way a row; -1 = from nowhere."""
    forward, back = np.arange(number) - 1, np.arange(number) + 1
    back = back % number if closed else np.where(back < number, back, -1)
    return np.stack([forward % number if closed else forward, back, np.arange(number)[::-1]])


def _accused(
    rows: Rows, y: Complex, say: Floats, now: Beliefs, known: Mask, at: Ints, sources: Ints
) -> tuple[Mask, Ints]:
    """Which answers' contours would fit the others far better in another way (n,), and each one's best way (n,)"""
    h = now.habits
    own, total = say[:, at], now.precision[:, at][rows.image]
    bias = h.bias[rows.person][:, at]
    left = np.maximum(total - own, 1e-4)
    others = (total * now.data[:, at][rows.image] - own * (y[:, at] - bias)) / left
    sure = known[rows.image][:, None]
    others = np.where(sure, now.x[:, at][rows.image], others)
    scale = h.scale[rows.person][:, h.group[at]] * now.delta[rows.image, None] + np.where(sure, 0.0, 1 / left)
    inverse = h.sigma.at(at).inverse()

    def cost(source: Ints) -> tuple[Floats, Ints]:
        there = (source >= 0) & rows.there[:, at[source]]
        d2 = inverse.form(y[:, at[source]] - bias - others) / scale
        number = there.sum(axis=1)
        return np.where(there, 3 * np.log1p(d2 / 4), 0).sum(axis=1) / np.maximum(number, 1), number

    old, _ = cost(np.arange(len(at)))
    if len(old) and old.max() <= max(MEAN_GAIN, TOTAL_GAIN / len(at)):  # Nobody has so much to gain.
        return np.zeros(len(y), bool), np.zeros(len(y), np.int64)
    best, way, accused = np.full(len(y), np.inf), np.zeros(len(y), np.int64), np.zeros(len(y), bool)
    for number_of_way, source in enumerate(sources):
        new, number = cost(source)
        gain, better = old - new, new < best
        far = (gain * number > TOTAL_GAIN) & (gain > MEAN_GAIN) & (new < RATIO * old) & (new < GOOD)
        best, way = np.where(better, new, best), np.where(better, number_of_way, way)
        accused = np.where(better, far, accused)
    return accused, way


def _doubtful(rows: Rows, accused: Mask, known: Mask) -> Mask:
    """Images where an accused answer may itself be right: one other answer at most, or another one accused too. (N,)"""
    count = np.bincount(rows.image, weights=rows.vote, minlength=rows.images)
    times = np.bincount(rows.image[accused], minlength=rows.images)
    return np.asarray(~known & ((times > 1) | ((times > 0) & (count < 2.5))))


def _unlikeliest(
    rows: Rows,
    y: Complex,
    now: Beliefs,
    prior: ShapePrior,
    steady: Floats,
    at: Ints,
    source: Ints,
    chosen: Ints,
) -> Mask:
    """Of each image's chosen answers the one whose contour, next to the rest of the shape, gains most by mending."""
    result = np.zeros(len(y), bool)
    if not len(chosen):
        return result
    h, k, source = now.habits, chosen[:, None], source[chosen]
    image, person = rows.image[chosen], rows.person[chosen]
    both = rows.there[k, at] & (source >= 0) & rows.there[k, at[source]]
    known = np.ones((len(chosen), len(h.group)), bool)
    known[:, at] = both
    factor = 1 / np.maximum(now.precision[image], 1e-4)
    factor[:, at] = np.where(both, h.scale[person][:, h.group[at]], NOTHING_KNOWN)
    own = h.sigma.times(factor)

    def far(contour: Complex) -> Floats:
        """Each shape in a frame of its own: the slip may have turned the image's."""
        shape = now.data[image]
        shape[:, at] = contour - h.bias[person][:, at]
        turn, origin = similarity(shape, prior.mean, steady * known)
        return unlikeliness(prior, np.where(known, turn[:, None] * (shape - origin[:, None]), prior.mean), own)

    gain = (far(y[k, at]) - far(y[k, at[source]])) / 2
    order = np.lexsort((-gain, image))
    first = order[np.diff(image[order], prepend=-1) > 0]
    result[chosen[first[gain[first] > PRIOR_GAIN]]] = True
    return result
