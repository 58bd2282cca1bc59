"""A common frame for shapes: where each image's points lie once shift, turn and size are taken out."""

import numpy as np

from tasks.consensus.mergers.answers import Floats
from tasks.consensus.mergers.rows import Complex, Mask, squared

ALIKE = 0.5  # A weaker correlation with the mean shape tells nothing about how it is turned.


def similarity(z: Complex, mean: Complex, weight: Floats) -> tuple[Complex, Complex]:
    """Turn-and-size a (n,) and origin t (n,) with a (z - t) nearest to the mean (L,); z (n, L), weight (n, L).

    Never a reflection. Where a shape is nothing like the mean only its size is fitted, not its turn.
    """
    total = np.maximum(weight.sum(axis=1), 1e-12)
    centre = (weight * z).sum(axis=1) / total
    middle = (weight * mean).sum(axis=1) / total
    own, wanted = z - centre[:, None], mean - middle[:, None]
    inner = (weight * own.conj() * wanted).sum(axis=1)
    own_size, wanted_size = (weight * squared(own)).sum(axis=1), (weight * squared(wanted)).sum(axis=1)
    flat = (own_size <= 1e-12) | (wanted_size <= 1e-12)
    own_size = np.where(flat, 1.0, own_size)
    size = np.where(flat, 1.0, np.sqrt(wanted_size / own_size))
    alike = np.abs(inner) >= ALIKE * np.sqrt(own_size * wanted_size)
    a = np.where(alike & ~flat, inner / own_size, size)
    return a, centre - middle / a


def misfit(z: Complex, mean: Complex, there: Mask) -> Floats:
    """Root-mean-square distance of each shape (n, L) from the mean, in the mean's units. (n,)"""
    weight = there.astype(float)
    a, t = similarity(z, mean, weight)
    left = squared(a[:, None] * (z - t[:, None]) - mean)
    return np.asarray(np.sqrt((weight * left).sum(axis=1) / np.maximum(weight.sum(axis=1), 1)))


def mean_shape(shapes: Complex) -> Complex:
    """Robust Procrustes mean of shapes (n, L), NaN where not placed; root-mean-square radius 1, turned as most are."""
    there = ~np.isnan(shapes.real)
    z = np.where(there, shapes, 0)
    weight = there.astype(float)
    a, t = _by_size_alone(z, weight)
    mean = _middle(a[:, None] * (z - t[:, None]), there)
    for _ in range(6):
        a, t = similarity(z, mean, weight)
        new = _middle(a[:, None] * (z - t[:, None]), there)
        new = new - new.mean()
        new = new / np.sqrt(squared(new).mean())
        # The turn is free: keep it where it was, or it drifts.
        turn = (new.conj() * mean).sum()
        mean = new * (turn / abs(turn) if abs(turn) > 1e-9 else 1.0)
    return np.asarray(mean)


def by_size_alone(shapes: Complex) -> tuple[Complex, Complex]:
    """As `similarity`, for shapes (n, L) that have nothing in common: root-mean-square radius 1 about the centre."""
    there = ~np.isnan(shapes.real)
    return _by_size_alone(np.where(there, shapes, 0), there.astype(float))


def _by_size_alone(z: Complex, weight: Floats) -> tuple[Complex, Complex]:
    total = np.maximum(weight.sum(axis=1), 1)
    centre = (weight * z).sum(axis=1) / total
    radius = np.sqrt((weight * squared(z - centre[:, None])).sum(axis=1) / total)
    return (1 / np.where(radius > 1e-9, radius, 1.0)).astype(complex), centre


def _middle(z: Complex, there: Mask) -> Complex:
    """The median in x and in y of each landmark (n, L) -> (L,); 0 where no shape has it."""
    shapes = np.where(there, z, np.nan)
    middle = np.zeros(z.shape[1], complex)
    seen = there.any(axis=0)
    middle[seen] = np.nanmedian(shapes.real[:, seen], axis=0) + 1j * np.nanmedian(shapes.imag[:, seen], axis=0)
    return middle
