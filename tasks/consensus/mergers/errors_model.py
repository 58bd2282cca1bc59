"""The hierarchical model of how people err, fitted by expectation-maximisation.

Answer k of person j to image i puts landmark l at  x_il + b_jl + e,  e ~ N(0, s_jg kappa_k delta_i Sigma_l / w_kl),
w ~ Gamma(nu/2, nu/2): each person has a bias b and a scale s in each part g of the shape, each answer a scale kappa,
each image a difficulty delta, each landmark an anisotropic scatter Sigma; x has a shape prior where one is given.
Dawid & Skene 1979; Lange, Little & Taylor 1989; Welinder et al. 2010; Liu, Rubin & Wu 1998 for the shared bias.
"""

from dataclasses import dataclass, replace

import numpy as np

from tasks.consensus.mergers.answers import Floats, Ints
from tasks.consensus.mergers.matrices import Matrix
from tasks.consensus.mergers.rows import Complex, Mask, Rows, squared
from tasks.consensus.mergers.shape_prior import ShapePrior, posterior

NU = 4.0  # degrees of freedom of a point's error
SHARE = 0.5  # Effective share of degrees of freedom: points of one answer err together.
PERSON, PART, ANSWER, IMAGE, LANDMARK = 4.0, 30.0, 20.0, 8.0, 20.0  # what the priors of the scales are worth
FLOOR = 3e-6  # of Sigma, in squared radii
GOLD = 1e-4  # How sure gold is, in answers' variance.


@dataclass(frozen=True, eq=False)
class Habits:
    """What was learnt of the people and the landmarks: enough to merge further answers."""

    scale: Floats  # (J, G)
    bias: Complex  # (J, L), in the frame
    doubt: Floats  # (J, L) variance of the bias, in units of Sigma
    wander: float  # tau^2, how far biases spread, in units of Sigma
    sigma: Matrix  # (L,)
    group: Ints  # (L,)
    hardness: float = 1.0  # of the usual image, as `weigh` sees it: what difficulties are divided by


@dataclass(frozen=True, eq=False)
class Beliefs:
    """What is thought of the images and answers at the moment."""

    habits: Habits
    x: Complex  # (N, L) with the prior, where there is one
    data: Complex  # (N, L) without
    precision: Floats  # (N, L) Om, in units of 1 / Sigma
    spread: Matrix  # (N, L) posterior covariance of x
    w: Floats  # (n, L)
    kappa: Floats  # (n,)
    delta: Floats  # (N,)


def doubts(misfit: Floats, usual: float) -> Floats:
    """What each answer's kappa begins with, from its misfit to the mean shape (n,) and the crowd's median misfit."""
    return np.asarray(np.maximum(1.0, (misfit / max(1.8 * usual, 1e-9)) ** 4))


def start(rows: Rows, y: Complex, x: Complex, kappa: Floats, group: Ints) -> Beliefs:
    """Beliefs to begin with, from a first merged shape x (N, L) and how far each answer is doubted (n,)"""
    groups = int(group.max()) + 1
    apart = np.where(rows.there, np.sqrt(squared(y - x[rows.image])), np.nan)
    seen = rows.there.any(axis=0)
    middle = np.full(len(group), np.nan)
    middle[seen] = np.nanmedian(apart[:, seen], axis=0)
    middle = np.maximum(np.where(np.isnan(middle), np.nanmedian(middle) if seen.any() else 1.0, middle), 1e-3)
    variance = 0.8 * middle**2 + FLOOR
    habits = Habits(
        scale=np.ones((rows.people, groups)),
        bias=np.zeros((rows.people, len(group)), complex),
        doubt=np.zeros((rows.people, len(group))),
        wander=0.25,
        sigma=Matrix(variance, np.zeros_like(variance), variance),
        group=group,
    )
    shape = x.shape
    flat = Matrix(np.zeros(shape), np.zeros(shape), np.zeros(shape))
    return Beliefs(habits, x, x, np.ones(shape), flat, np.ones(y.shape), kappa, np.ones(rows.images))


def locate(rows: Rows, y: Complex, gold: Complex, now: Beliefs, prior: ShapePrior | None) -> Beliefs:
    """Where the points are, given everything else."""
    h = now.habits
    say = say_of(rows, now)
    total = rows.by_image(say)
    data = rows.by_image(say * (y - h.bias[rows.person])) / np.maximum(total, 1e-12)
    data = np.where(total > 0, data, now.x)
    known = ~np.isnan(gold.real)
    data = np.where(known, gold, data)
    sure = np.where(known, 1 / GOLD, np.maximum(total, 1e-4))
    own = h.sigma.times(1 / sure)
    if prior is None:
        return replace(now, x=data, data=data, precision=total, spread=own)
    x, spread = posterior(prior, data, own)
    return replace(now, x=x, data=data, precision=total, spread=spread)


def weigh(rows: Rows, y: Complex, now: Beliefs) -> Beliefs:
    """How good each point and answer is, and how hard each image, given where the points are."""
    h = now.habits
    there = rows.there * rows.vote[:, None]
    q = _misfit(rows, y, now)
    scale = h.scale[rows.person]
    base = scale[:, h.group] * now.delta[rows.image, None]
    w = (NU + 2) / (NU + q / (base * now.kappa[:, None]))
    wq = there * w * q
    number = 2 * there.sum(axis=1)
    kappa = (ANSWER + SHARE * (wq / base).sum(axis=1)) / (ANSWER + SHARE * number)
    spoilt = ((wq @ _member(h)) / scale).sum(axis=1) / kappa
    delta = (IMAGE + SHARE * rows.by_image(spoilt)) / (IMAGE + SHARE * rows.by_image(number))
    return replace(now, w=w, kappa=kappa, delta=delta)


def learn_habits(rows: Rows, y: Complex, now: Beliefs, *, learn_people: bool) -> Beliefs:
    """Each person's scale in each part and each landmark's scatter; difficulties are 1 on the (geometric) average."""
    h = now.habits
    there = rows.there * rows.vote[:, None]
    hardness = float(np.exp(np.mean(np.log(now.delta))))
    delta = now.delta / hardness
    scale = h.scale
    if learn_people:
        part = (there * now.w * _misfit(rows, y, now)) @ _member(h)
        seen = SHARE * rows.by_person(part / (np.sqrt(now.kappa) * delta[rows.image])[:, None])
        times = SHARE * 2 * rows.by_person(there @ _member(h))
        whole = (PERSON + seen.sum(axis=1)) / (PERSON + times.sum(axis=1))
        scale = (PART * whole[:, None] + seen) / (PART + times)
        scale = scale / np.exp(np.mean(np.log(scale)))
    trust = there * now.w / (scale[rows.person][:, h.group] * (now.kappa * delta[rows.image])[:, None])
    sigma = _scatter(rows, y - now.x[rows.image] - h.bias[rows.person], trust, now.spread, there)
    return replace(now, habits=replace(h, scale=scale, sigma=sigma, hardness=hardness), delta=delta)


def _misfit(rows: Rows, y: Complex, now: Beliefs) -> Floats:
    """Expected squared Mahalanobis distance of each point (n, L); what is not known for sure counts as distance."""
    h, inverse = now.habits, now.habits.sigma.inverse()
    r = y - now.x[rows.image] - h.bias[rows.person]
    return np.asarray(inverse.form(r) + inverse.trace_with(now.spread)[rows.image] + 2 * h.doubt[rows.person])


def _member(h: Habits) -> Floats:
    return np.asarray(np.eye(h.scale.shape[1])[h.group])  # (L, G)


def learn_bias(rows: Rows, y: Complex, gold: Complex, now: Beliefs) -> Beliefs:
    """Each person's bias, and by the parameter-expanded step the one that all share, which only gold can show."""
    h = now.habits
    say = say_of(rows, now)
    apart = say * (y - now.x[rows.image])
    total = rows.by_person(say) + 1 / h.wander
    bias = rows.by_person(apart) / total
    doubt = 1 / total
    size = h.sigma.xx + h.sigma.yy
    wander = float(np.clip(np.median(squared(bias) / size + doubt), 0.01, 1.0)) if bias.size else h.wander
    known: Mask = np.asarray(~np.isnan(gold.real))
    told = np.flatnonzero(np.any(known, axis=1)[rows.image])  # The rows of gold images: few, where there are many rows.
    if len(told):
        sure = known[rows.image[told]]
        truth = np.where(sure, gold[rows.image[told]], 0)
        trust = np.where(sure, say[told], 0)
        bias += (trust * (y[told] - bias[rows.person[told]] - truth)).sum(axis=0) / (trust.sum(axis=0) + 4)
    elif len(bias):
        bias -= np.median(bias.real, axis=0) + 1j * np.median(bias.imag, axis=0)
    return replace(now, habits=replace(h, bias=bias, doubt=doubt, wander=wander))


def say_of(rows: Rows, now: Beliefs) -> Floats:
    """How much each point counts, in units of 1 / Sigma (n, L)"""
    h = now.habits
    base = h.scale[rows.person][:, h.group] * (now.kappa * now.delta[rows.image] / rows.vote)[:, None]
    return np.asarray(rows.there * now.w / base)


def _scatter(rows: Rows, r: Complex, trust: Floats, spread: Matrix, there: Floats) -> Matrix:
    per_image = rows.by_image(trust)
    xx = (trust * r.real**2).sum(axis=0) + (per_image * spread.xx).sum(axis=0)
    yy = (trust * r.imag**2).sum(axis=0) + (per_image * spread.yy).sum(axis=0)
    xy = (trust * r.real * r.imag).sum(axis=0) + (per_image * spread.xy).sum(axis=0)
    number = np.maximum(there.sum(axis=0), 1e-9)
    even = (xx + yy) / (2 * number)
    whole = number + LANDMARK
    return Matrix((xx + LANDMARK * even) / whole + FLOOR, xy / whole, (yy + LANDMARK * even) / whole + FLOOR)
