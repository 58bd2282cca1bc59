"""Merge a crowd by one recipe: the same kind of estimate whatever the recipe holds."""

from dataclasses import dataclass, replace

import numpy as np

from tasks.consensus.mergers import states
from tasks.consensus.mergers.answers import Floats, Ints
from tasks.consensus.mergers.components import PEOPLES_STATES, Component, Recipe
from tasks.consensus.mergers.crowd import Crowd
from tasks.consensus.mergers.fit import Fitted, fit
from tasks.consensus.mergers.frame import by_size_alone
from tasks.consensus.mergers.geometric_median import GeometricMedian
from tasks.consensus.mergers.matrices import Matrix
from tasks.consensus.mergers.rows import Complex, Mask, Rows, as_complex, squared


@dataclass(frozen=True, eq=False)
class Estimate:
    """Merged points in px, of images in the order of the rows' image_key; meaningless where nobody placed a point."""

    x: Complex  # (N, L)
    data: Complex  # (N, L) without a shape prior
    covariance: Matrix  # (N, L) px^2, not calibrated
    say: Floats  # (n, L) how much each point counted
    difficulty: Floats  # (N,) how much harder than usual each image is, as a factor of the variance
    flag: Ints  # (n,)
    fitted: Fitted | None = None


def estimate(recipe: Recipe, crowd: Crowd, rows: Rows, teaches: Mask | None = None) -> Estimate:
    """Merge; `teaches` (N,) says which images a shape prior may be learnt from.

    Where both the model and the states are on, what they say is averaged: they err differently.
    """
    if {Component.MODEL, Component.STATES} <= recipe.parts:
        model = estimate(recipe.without(Component.STATES), crowd, rows, teaches)
        states_ = estimate(Recipe(recipe.parts & PEOPLES_STATES.parts, recipe.temper), crowd, rows, teaches)
        return _mean(model, states_)
    if Component.MODEL in recipe.parts:
        return by_model(fit(crowd, rows, recipe.parts, teaches))
    plain = _by_median(crowd, rows)
    if Component.STATES in recipe.parts:
        return _by_states(recipe, rows, plain) or plain
    return plain


def by_model(fitted: Fitted) -> Estimate:
    """What a fitted model says, turned back into pixels."""
    now, turn, origin = fitted.beliefs, fitted.turn[:, None], fitted.origin[:, None]
    return Estimate(
        x=now.x / turn + origin,
        data=now.data / turn + origin,
        covariance=_turned(now.spread, 1 / turn),
        say=fitted.say(),
        difficulty=now.delta,
        flag=fitted.flag,
        fitted=fitted,
    )


def _mean(one: Estimate, other: Estimate) -> Estimate:
    a, b = one.covariance, other.covariance
    return replace(
        one,
        x=(one.x + other.x) / 2,
        data=(one.data + other.data) / 2,
        covariance=Matrix((a.xx + b.xx) / 2, (a.xy + b.xy) / 2, (a.yy + b.yy) / 2),
    )


def _turned(spread: Matrix, turn: Complex) -> Matrix:
    """The covariance of turn * z for a complex number turn."""
    half, double = (spread.xx + spread.yy) / 2, ((spread.xx - spread.yy) / 2 + 1j * spread.xy) * turn**2
    even = half * squared(turn)
    return Matrix(even + double.real, double.imag, even - double.real)


def _by_median(crowd: Crowd, rows: Rows) -> Estimate:
    merged = GeometricMedian().merge_all(crowd)
    x = np.nan_to_num(as_complex(merged.points))
    c = np.nan_to_num(merged.covariance, nan=1.0)
    return Estimate(
        x=x,
        data=x,
        covariance=Matrix(c[..., 0, 0], c[..., 0, 1], c[..., 1, 1]),
        say=rows.there * merged.weight[rows.order][:, None],
        difficulty=np.ones(rows.images),
        flag=merged.flag[rows.order].astype(np.int64),
    )


def _by_states(recipe: Recipe, rows: Rows, plain: Estimate) -> Estimate | None:
    """None where there is too little gold to learn the states from."""
    seen = rows.by_image(rows.there.astype(float)) > 0
    target = np.where(np.isnan(rows.gold.real), np.where(seen, plain.x, np.nan), rows.gold)
    turn, origin = by_size_alone(target)
    y = np.where(rows.there, turn[rows.image, None] * (rows.z - origin[rows.image, None]), 0)
    gold = turn[:, None] * (rows.gold - origin[:, None])
    learnt = states.learn(rows, y, gold, learn_people=Component.PEOPLE in recipe.parts)
    if learnt is None:
        return None
    x, spread = states.merge(learnt, rows, y, temper=recipe.temper)
    x = x / turn[:, None] + origin[:, None]
    return Estimate(
        x=x,
        data=x,
        covariance=_turned(spread, 1 / turn[:, None]),
        say=plain.say,
        difficulty=plain.difficulty,
        flag=plain.flag,
    )
