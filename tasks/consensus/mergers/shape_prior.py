"""What shapes there are: a tempered low-rank Gaussian learnt from the crowd's own uncertain merged shapes.

Extreme deconvolution (Bovy, Hogg & Roweis 2011) with a factor model x ~ N(mu, W W' + c Psi).
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from tasks.consensus.mergers.answers import Floats
from tasks.consensus.mergers.matrices import Matrix
from tasks.consensus.mergers.rows import Complex, as_complex, as_xy

TEMPER = 2.0  # c: what a low-rank model leaves out is more than it thinks
ROUNDS, AT_MOST, RANK, LEAST_RANK = 6, 1500, 30, 6
RIDGE, RIDGE_SHAPES = 0.02, 10.0  # share of isotropic variance; worth so many shapes
CHUNK = 2000


@dataclass(frozen=True, eq=False)
class ShapePrior:
    mean: Complex  # (L,)
    factors: Floats  # (L, 2, r)
    rest: Matrix  # (L,) Psi, not yet tempered

    @cached_property
    def products(self) -> tuple[Floats, Floats, Floats]:
        """Each landmark's f f' for its factors f in x and x, in x and y, in y and y: three of (L, r * r)"""
        fx, fy = self.factors[:, 0], self.factors[:, 1]
        cross = fx[:, :, None] * fy[:, None, :]
        squares = (fx[:, :, None] * fx[:, None, :], cross + cross.transpose(0, 2, 1), fy[:, :, None] * fy[:, None, :])
        xx, xy, yy = (a.reshape(len(fx), -1) for a in squares)
        return xx, xy, yy


def learn(x: Complex, own: Matrix) -> ShapePrior:
    """From shapes (N, L) in the frame, all placed, each point with its own covariance (N, L)."""
    number, landmarks = x.shape
    rank = min(RANK, max(LEAST_RANK, number // 25), 2 * landmarks - 1, number - 1)
    flat = as_xy(x).reshape(number, -1)
    mean = np.median(flat, axis=0)
    spread = 1.4826 * np.median(np.abs(flat - mean), axis=0)
    tame = np.clip(flat - mean, -4 * spread, 4 * spread)
    noise = _diagonal(Matrix(own.xx.mean(axis=0), own.xy.mean(axis=0), own.yy.mean(axis=0)))
    prior = _split(tame.T @ tame / number - noise, mean, rank)
    for _ in range(ROUNDS):
        total, second, first = 0.0, np.zeros((2 * landmarks, 2 * landmarks)), np.zeros(2 * landmarks)
        whole = _covariance(prior)
        for part in range(0, number, CHUNK):
            block = slice(part, part + CHUNK)
            solved = _Solved(prior, Matrix(own.xx[block], own.xy[block], own.yy[block]), temper=1.0)
            e = x[block] - prior.mean
            z = solved.apply(e)
            far = (e.conj() * z).real.sum(axis=1)
            weight = 1 / np.maximum(1.0, far / (1.5 * 2 * landmarks))
            moved = as_xy(z).reshape(len(z), -1) @ whole
            second += (moved * weight[:, None]).T @ moved + weight.sum() * whole
            second -= whole @ solved.mean_inverse(weight) @ whole
            first += weight @ moved
            total += weight.sum()
        shift = first / total
        new = second / total - np.outer(shift, shift)
        even = np.trace(new) / len(new)
        new = (total * new + RIDGE_SHAPES * RIDGE * even * np.eye(len(new))) / (total + RIDGE_SHAPES)
        prior = _split(new, as_xy(prior.mean).ravel() + shift, rank)
    return prior


def posterior(prior: ShapePrior, data: Complex, own: Matrix) -> tuple[Complex, Matrix]:
    """Shapes (N, L) drawn towards the prior as their own covariances (N, L) allow, and what covariance is left."""
    x = np.empty_like(data)
    xx, xy, yy = np.empty(data.shape), np.empty(data.shape), np.empty(data.shape)
    for part in range(0, len(data), CHUNK):
        block = slice(part, part + CHUNK)
        v = Matrix(own.xx[block], own.xy[block], own.yy[block])
        solved = _Solved(prior, v, temper=TEMPER)
        x[block] = data[block] - v.apply(solved.apply(data[block] - prior.mean))
        left = v.less(v.around(solved.blocks()))
        xx[block], xy[block], yy[block] = left.xx, left.xy, left.yy
    return x, Matrix(xx, xy, yy)


def unlikeliness(prior: ShapePrior, y: Complex, own: Matrix) -> Floats:
    """Squared Mahalanobis distance of shapes (N, L) with their own covariances from the prior. (N,)"""
    e = y - prior.mean
    return np.asarray((e.conj() * _Solved(prior, own, temper=TEMPER).apply(e)).real.sum(axis=1))


class _Solved:
    """(V + c Psi + W W')^-1 for the covariances V (N, L) of several images, by Woodbury."""

    def __init__(self, prior: ShapePrior, own: Matrix, *, temper: float) -> None:
        rest = prior.rest
        self.inner = Matrix(own.xx + temper * rest.xx, own.xy + temper * rest.xy, own.yy + temper * rest.yy).inverse()
        xx, xy, yy = self.products = prior.products
        rank = prior.factors.shape[2]
        gram = self.inner.xx @ xx + self.inner.yy @ yy + self.inner.xy @ xy
        self.core = np.linalg.inv(gram.reshape(-1, rank, rank) + np.eye(rank))
        self.fx, self.fy = prior.factors[:, 0], prior.factors[:, 1]

    def apply(self, e: Complex) -> Complex:
        plain = self.inner.apply(e)
        u = plain.real @ self.fx + plain.imag @ self.fy
        u = np.matmul(self.core, u[..., None])[..., 0]
        return np.asarray(plain - self.inner.apply(u @ self.fx.T + 1j * (u @ self.fy.T)))

    def blocks(self) -> Matrix:
        """The 2 x 2 blocks of the inverse on its diagonal (N, L)"""
        core = self.core.reshape(len(self.core), -1)
        xx, xy, yy = self.products
        around = Matrix(core @ xx.T, core @ xy.T / 2, core @ yy.T)
        return self.inner.less(self.inner.around(around))

    def mean_inverse(self, weight: Floats) -> Floats:
        """The weighted sum of the inverses (2L, 2L)"""
        diagonal = Matrix(weight @ self.inner.xx, weight @ self.inner.xy, weight @ self.inner.yy)
        root = np.linalg.cholesky(self.core) * np.sqrt(weight)[:, None, None]
        d = self.inner
        fx = d.xx[..., None] * self.fx + d.xy[..., None] * self.fy
        fy = d.xy[..., None] * self.fx + d.yy[..., None] * self.fy
        f = np.matmul(np.stack([fx, fy], axis=2).reshape(len(root), -1, root.shape[1]), root)
        f = f.transpose(1, 0, 2).reshape(f.shape[1], -1)
        return np.asarray(_diagonal(diagonal) - f @ f.T)


def _covariance(prior: ShapePrior) -> Floats:
    factors = prior.factors.reshape(-1, prior.factors.shape[2])
    return np.asarray(factors @ factors.T + _diagonal(prior.rest))


def _diagonal(blocks: Matrix) -> Floats:
    """(L,) 2 x 2 blocks -> (2L, 2L)"""
    number = len(blocks.xx)
    full = np.zeros((number, 2, number, 2))
    at = np.arange(number)
    full[at, 0, at, 0], full[at, 1, at, 1] = blocks.xx, blocks.yy
    full[at, 0, at, 1] = full[at, 1, at, 0] = blocks.xy
    return full.reshape(2 * number, 2 * number)


def _split(covariance: Floats, mean: Floats, rank: int) -> ShapePrior:
    """Keep the largest `rank` directions as factors and the 2 x 2 blocks of what is left."""
    values, vectors = np.linalg.eigh((covariance + covariance.T) / 2)
    values, vectors = values[::-1], vectors[:, ::-1]
    even = max(float(np.maximum(values, 0).mean()), 1e-9)
    factors = vectors[:, :rank] * np.sqrt(np.maximum(values[:rank], 1e-4 * even))
    # A column's sign is arbitrary; fix it, so that the same data always give the same factors.
    sign = np.sign(factors[np.argmax(np.abs(factors), axis=0), np.arange(rank)])
    factors = factors * np.where(sign == 0, 1, sign)
    left = covariance - factors @ factors.T
    at = np.arange(len(mean) // 2)
    left = left.reshape(len(at), 2, len(at), 2)
    floor = 1e-3 * even
    xx, yy = np.maximum(left[at, 0, at, 0], floor), np.maximum(left[at, 1, at, 1], floor)
    most = 0.95 * np.sqrt(xx * yy)
    xy = np.clip(left[at, 0, at, 1], -most, most)
    return ShapePrior(as_complex(mean.reshape(-1, 2)), factors.reshape(len(at), 2, rank), Matrix(xx, xy, yy))
