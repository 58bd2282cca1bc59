"""Fit the model of people's errors to a crowd: frame, slips, scales, biases and shape prior in their turn."""

from dataclasses import dataclass, replace

import numpy as np

from tasks.consensus.mergers import errors_model as model
from tasks.consensus.mergers.answers import NOTHING, SHIFT, Floats, Ints
from tasks.consensus.mergers.components import Component
from tasks.consensus.mergers.contour_slips import mend
from tasks.consensus.mergers.crowd import Crowd
from tasks.consensus.mergers.errors_model import Beliefs
from tasks.consensus.mergers.frame import by_size_alone, mean_shape, misfit, similarity
from tasks.consensus.mergers.matrices import Matrix
from tasks.consensus.mergers.rows import Complex, Mask, Rows, squared
from tasks.consensus.mergers.shape_prior import AT_MOST, ShapePrior, learn
from tasks.consensus.mergers.slips import clean, template_of

PLAIN_ROUNDS, PRIOR_ROUNDS = 8, 6
REFRESH, RECHECK = (2, 7, 10), (6, 11)
FRAME_MOST = 2.5  # A frame that would shrink or grow by more than this is a mistake.
LEAST_SHAPES = 50  # for a prior
GOLD_SHAPES = 3  # are enough for a mean shape
START_MISFIT = 0.13
STEADINESS = (0.25, 1.0)


@dataclass(frozen=True, eq=False)
class Fitted:
    """What a crowd taught: where the points are, and how its people err."""

    rows: Rows  # mended
    y: Complex  # (n, L) in the frame
    beliefs: Beliefs
    turn: Complex  # (N,) frame = turn (px - origin)
    origin: Complex  # (N,)
    prior: ShapePrior | None
    flag: Ints  # (n,)
    mean: Complex | None  # (L,) the mean shape, where there is a common frame
    steady: Floats  # (L,) how much each landmark says about the frame
    usual_misfit: float  # to the mean shape, of an answer

    def say(self) -> Floats:
        """How much each point counts (n, L)"""
        return model.say_of(self.rows, self.beliefs)


def fit(crowd: Crowd, rows: Rows, on: frozenset[Component], teaches: Mask | None = None) -> Fitted:
    """Fit to the rows of the crowd, with the components that are on.

    `teaches` (N,) says which images the shape prior may be learnt from; all, if not given.
    """
    framed = Component.FRAME in on
    mean = _mean(rows) if framed else None
    weight = np.ones(rows.z.shape[1]) if mean is None else _steadiness(rows, mean)
    flag = np.zeros(len(rows.image), np.int64)
    if Component.REPAIR in on:
        cleaned = clean(rows, mean, crowd.mirror, template_of(crowd.template))
        rows, flag = cleaned.rows, cleaned.flag
    rho = misfit(rows.z, mean, rows.there) if mean is not None else None
    x = start(rows, None if rho is None else 1 / (rho**2 + START_MISFIT**2))
    target = np.where(np.isnan(rows.gold.real), x, rows.gold)
    seen = rows.by_image(rows.there.astype(float)) > 0
    if mean is not None:
        turn, origin = similarity(target, mean, seen * weight)
    else:
        turn, origin = by_size_alone(np.where(seen, target, np.nan))
    first = np.abs(turn)

    def to_frame(z: Complex) -> Complex:
        return np.asarray(turn[:, None] * (z - origin[:, None]))

    def rows_to_frame(rows: Rows) -> Complex:
        return np.where(rows.there, turn[rows.image, None] * (rows.z - origin[rows.image, None]), 0)

    group = crowd.group if crowd.group is not None and Component.PARTS in on else np.zeros(rows.z.shape[1], np.int64)
    y, gold = rows_to_frame(rows), to_frame(rows.gold)
    usual = 1.0 if rho is None or not len(rho) else float(np.median(rho))
    kappa = np.ones(len(y)) if rho is None else model.doubts(rho, usual)
    now = model.start(rows, y, to_frame(target), kappa, _dense(group))
    prior: ShapePrior | None = None
    unsolved = np.zeros(rows.images, bool)  # A prior that had seen these would take the slip for a shape.
    wants_prior = Component.PRIOR in on and mean is not None
    for step in range(PLAIN_ROUNDS + PRIOR_ROUNDS if wants_prior else PLAIN_ROUNDS + 2):
        if step in REFRESH and mean is not None:
            x = now.x / turn[:, None] + origin[:, None]
            target = np.where(np.isnan(rows.gold.real), x, rows.gold)
            new, where = similarity(target, mean, seen * weight)
            size = np.abs(new) / first
            fine = (size < FRAME_MOST) & (size > 1 / FRAME_MOST)
            turn, origin = np.where(fine, new, turn), np.where(fine, where, origin)
            y, gold = rows_to_frame(rows), to_frame(rows.gold)
            now = replace(now, x=to_frame(x))
        if step in RECHECK and Component.REPAIR in on and crowd.contours:
            repair = mend(rows, y, model.say_of(rows, now), gold, now, crowd.contours, prior, weight)
            rows, y, unsolved = repair.rows, repair.y, repair.doubtful
            flag = np.where(repair.mended & (flag == NOTHING), SHIFT, flag)
            now = replace(
                now, kappa=np.where(repair.mended, 1.0, now.kappa), w=np.where(repair.mended[:, None], 1, now.w)
            )
        if step == PLAIN_ROUNDS + 1 and wants_prior:
            prior = _learn_prior(now, gold, seen & ~unsolved[:, None] & (True if teaches is None else teaches[:, None]))
        now = model.locate(rows, y, gold, now, prior)
        now = model.weigh(rows, y, now)
        now = model.learn_habits(rows, y, now, learn_people=Component.PEOPLE in on)
        if Component.BIAS in on:
            now = model.learn_bias(rows, y, gold, now)
    now = model.locate(rows, y, np.full_like(gold, np.nan), now, prior)
    return Fitted(
        rows=rows,
        y=y,
        beliefs=now,
        turn=turn,
        origin=origin,
        prior=prior,
        flag=flag,
        mean=mean,
        steady=weight,
        usual_misfit=usual,
    )


def _mean(rows: Rows) -> Complex:
    gold = rows.gold[~np.isnan(rows.gold.real).all(axis=1)]
    if len(gold) >= GOLD_SHAPES:
        return mean_shape(gold)
    some = np.linspace(0, len(rows.z) - 1, min(len(rows.z), 3000)).astype(int)
    return mean_shape(np.where(rows.there[some], rows.z[some], np.nan))


def _steadiness(rows: Rows, mean: Complex) -> Floats:
    """How much each landmark says about the frame (L,): those that wander from shape to shape say less."""
    gold = rows.gold[~np.isnan(rows.gold.real).any(axis=1)]
    if len(gold) < 3 * GOLD_SHAPES:
        some = np.linspace(0, len(rows.z) - 1, min(len(rows.z), 3000)).astype(int)
        gold = rows.z[some][rows.there[some].all(axis=1)]
    if not len(gold):
        return np.ones(len(mean))
    turn, origin = similarity(gold, mean, np.ones(gold.shape))
    off = np.median(squared(turn[:, None] * (gold - origin[:, None]) - mean), axis=0)
    return np.clip(np.median(off) / np.maximum(off, 1e-9), *STEADINESS)


def start(rows: Rows, weight: Floats | None) -> Complex:
    """A weighted geometric median, nearly, to begin with (N, L) px"""
    say = rows.there * (rows.vote if weight is None else rows.vote * weight)[:, None]
    now = say
    x = rows.by_image(now * rows.z) / np.maximum(rows.by_image(now), 1e-12)
    for _ in range(12):
        apart = np.sqrt(squared(rows.z - x[rows.image]))
        now = say / np.maximum(apart, 1e-3)
        x = rows.by_image(now * rows.z) / np.maximum(rows.by_image(now), 1e-12)
    return np.asarray(x)


def _learn_prior(now: Beliefs, gold: Complex, seen: np.ndarray) -> ShapePrior | None:
    """From the images that are sure enough and of which every point was placed; at most so many, evenly picked."""
    known = ~np.isnan(gold[:, 0].real)
    precision = np.where(seen, now.precision, 0)
    total = (now.spread.xx + now.spread.yy).sum(axis=1)
    fit_for = seen.all(axis=1) & (known | (np.median(precision, axis=1) > 0.3))
    if fit_for.sum() < LEAST_SHAPES:
        return None
    fit_for &= total <= np.quantile(total[fit_for], 0.9)
    chosen = np.flatnonzero(fit_for)
    most = max(100, min(AT_MOST, AT_MOST * 100 // gold.shape[1]))
    if len(chosen) > most:
        chosen = chosen[np.linspace(0, len(chosen) - 1, most).astype(int)]
    own = Matrix(now.spread.xx[chosen], now.spread.xy[chosen], now.spread.yy[chosen])
    return learn(now.data[chosen], own)


def _dense(group: Ints) -> Ints:
    return np.unique(group, return_inverse=True)[1]
