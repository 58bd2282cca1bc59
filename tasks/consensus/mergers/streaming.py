"""Merge one more image at once, with what a crowd has taught; the crowd itself is not fitted again."""

from dataclasses import dataclass, replace

import numpy as np

from tasks.consensus.mergers import errors_model as model
from tasks.consensus.mergers.answers import NOTHING, SHIFT, Answers, Floats, Ints, Merged, merged_visibility
from tasks.consensus.mergers.calibration import factors
from tasks.consensus.mergers.choose import Choice, choose
from tasks.consensus.mergers.components import Component
from tasks.consensus.mergers.contour_slips import mend
from tasks.consensus.mergers.crowd import Contour, Crowd
from tasks.consensus.mergers.errors_model import Habits
from tasks.consensus.mergers.estimate import by_model
from tasks.consensus.mergers.fit import START_MISFIT, Fitted, fit, start
from tasks.consensus.mergers.frame import by_size_alone, misfit, similarity
from tasks.consensus.mergers.rows import Complex, Rows, as_complex, as_xy, rows_of
from tasks.consensus.mergers.shape_prior import ShapePrior
from tasks.consensus.mergers.slips import clean

ROUNDS, REFRESH, RECHECK = 7, (2, 4), (4,)


@dataclass(frozen=True, eq=False)
class Learnt:
    """What a crowd taught about its people and its shapes."""

    habits: Habits
    people: tuple[str, ...]  # whose habits they are, in order; anybody else is taken for usual
    mean: Complex | None  # (L,)
    steady: Floats  # (L,)
    prior: ShapePrior | None
    factor: Floats  # (L,) what covariances must be multiplied by
    usual_misfit: float  # to the mean shape, of an answer
    mirror: Ints | None
    contours: tuple[Contour, ...]
    repairs: bool


def learn(crowd: Crowd, choice: Choice | None = None) -> Learnt | None:
    """Learn from a crowd; None where the geometric median, or the states of points, did better than the model."""
    choice = choice or choose(crowd)
    if Component.MODEL not in choice.recipe.parts or Component.STATES in choice.recipe.parts:
        return None
    rows = rows_of(crowd)
    fitted = fit(crowd, rows, choice.recipe.parts)
    habits = fitted.beliefs.habits
    return Learnt(
        habits=habits,
        people=tuple(str(key) for key in rows.person_key),
        mean=fitted.mean,
        steady=fitted.steady,
        prior=fitted.prior,
        factor=factors(choice.trial, crowd.group if crowd.group is not None else habits.group),
        usual_misfit=fitted.usual_misfit,
        mirror=crowd.mirror,
        contours=crowd.contours,
        repairs=Component.REPAIR in choice.recipe.parts,
    )


def merge_one(learnt: Learnt, answers: Answers) -> tuple[Floats, Floats, Floats, Floats, Ints]:
    """Points and points by data only (L, 2), covariance (L, 2, 2) in px, say (K,) and flags (K,)."""
    rows, habits = _rows(learnt, answers)
    flag = np.zeros(len(rows.image), np.int64)
    if learnt.repairs:
        template = None if answers.template is None else as_complex(answers.template)[None]
        cleaned = clean(rows, learnt.mean, learnt.mirror, template)
        rows, flag = cleaned.rows, cleaned.flag
    rho = None if learnt.mean is None else misfit(rows.z, learnt.mean, rows.there)
    x = start(rows, None if rho is None else 1 / (rho**2 + START_MISFIT**2))
    seen = rows.by_image(rows.there.astype(float)) > 0
    turn, origin = _frame(learnt, x, seen)
    y = np.where(rows.there, turn * (rows.z - origin), 0)
    nothing = np.full(x.shape, np.nan + 0j)
    kappa = np.ones(len(y)) if rho is None else model.doubts(rho, learnt.usual_misfit)
    now = model.start(rows, y, turn * (x - origin), kappa, habits.group)
    now = replace(now, habits=habits)
    for step in range(ROUNDS):
        if step in REFRESH and learnt.mean is not None:
            x = now.data / turn + origin  # Not the prior's: a frame that follows it would feed on itself.
            turn, origin = _frame(learnt, x, seen)
            y = np.where(rows.there, turn * (rows.z - origin), 0)
            now = replace(now, x=turn * (x - origin), data=turn * (x - origin))
        if step in RECHECK and learnt.repairs and learnt.contours:
            say = model.say_of(rows, now)
            repair = mend(rows, y, say, nothing, now, learnt.contours, learnt.prior, learnt.steady)
            rows, y, mended = repair.rows, repair.y, repair.mended
            flag = np.where(mended & (flag == NOTHING), SHIFT, flag)
            now = replace(now, kappa=np.where(mended, 1.0, now.kappa), w=np.where(mended[:, None], 1.0, now.w))
        now = model.locate(rows, y, nothing, now, learnt.prior)
        now = model.weigh(rows, y, now)
        now = replace(now, delta=now.delta / habits.hardness)
    now = model.locate(rows, y, nothing, now, learnt.prior)
    fitted = Fitted(rows, y, now, turn, origin, learnt.prior, flag, learnt.mean, learnt.steady, learnt.usual_misfit)
    found = by_model(fitted)
    back = np.argsort(rows.order)
    covariance = found.covariance.times(learnt.factor).full()[0]
    points, data = (np.where(seen[0][:, None], as_xy(z[0]), np.nan) for z in (found.x, found.data))
    covariance = np.where(seen[0][:, None, None], covariance, np.nan)
    return points, data, covariance, found.say.sum(axis=1)[back], flag[back]


def merge(learnt: Learnt, answers: Answers, *, method: str, version: str) -> Merged:
    """Merge one image's answers by what was learnt."""
    points, data, covariance, say, flag = merge_one(learnt, answers)
    total = np.sort(say).sum()
    placed = ~np.isnan(answers.points[..., 0])
    return Merged(
        points=points,
        points_data_only=data,
        covariance=covariance,
        visibility=merged_visibility(placed, answers.visibility),
        weights=say / total if total > 0 else say,
        residuals=np.asarray(np.linalg.norm(answers.points - points, axis=-1)),
        flags=flag.astype(np.int8),
        method=method,
        version=version,
    )


def _frame(learnt: Learnt, x: Complex, seen: np.ndarray) -> tuple[Complex, Complex]:
    if learnt.mean is None:
        return by_size_alone(np.where(seen, x, np.nan))
    return similarity(x, learnt.mean, seen * learnt.steady)


def _rows(learnt: Learnt, answers: Answers) -> tuple[Rows, Habits]:
    """One image's rows, sorted by what was answered, and the habits of just these people."""
    xy = np.where(np.isnan(answers.points), 0.0, answers.points)
    order = np.lexsort((xy[..., 1].sum(axis=1), xy[..., 0].sum(axis=1)))
    number = len(order)
    where = {name: i for i, name in enumerate(learnt.people)}
    names = answers.annotators or ("",) * number
    known = np.array([where.get(names[k], -1) for k in order])
    h, new = learnt.habits, known < 0
    usual = h.sigma.xx.shape[0]
    habits = replace(
        h,
        scale=np.where(new[:, None], 1.0, h.scale[known]),
        bias=np.where(new[:, None], 0, h.bias[known]),
        doubt=np.where(new[:, None], np.full(usual, h.wander), h.doubt[known]),
    )
    rows = Rows(
        order=order,
        image_key=np.zeros(1, np.int64),
        person_key=np.arange(number),
        image=np.zeros(number, np.int64),
        person=np.arange(number),
        z=as_complex(xy[order]),
        there=~np.isnan(answers.points[order, :, 0]),
        vote=np.ones(number),
        gold=np.full((1, xy.shape[1]), np.nan + 0j),
    )
    return rows, habits
