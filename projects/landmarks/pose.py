"""Where a shape is, how large and how turned: the similarity that lays one shape over another."""

from __future__ import annotations

import cmath
from dataclasses import dataclass

import numpy as np

from projects.landmarks.schema import LandmarkSchema
from projects.landmarks.shape import Floats, placed, reference_shape


@dataclass(frozen=True)
class Similarity:
    """z -> turn * z + shift on points as complex numbers x + iy: scales, turns, moves and never reflects."""

    turn: complex
    shift: complex

    @property
    def scale(self) -> float:
        return abs(self.turn)

    @property
    def angle(self) -> float:
        """Radians from x towards y: clockwise on the screen."""
        return cmath.phase(self.turn)

    def apply(self, shape: Floats) -> Floats:
        z = self.turn * _complex(shape) + self.shift
        return np.stack([z.real, z.imag], axis=-1)

    def inverse(self) -> Similarity:
        """Raises ZeroDivisionError for the similarity that shrinks everything to a point."""
        return Similarity(1 / self.turn, -self.shift / self.turn)


def fit(source: Floats, target: Floats) -> Similarity:
    """The similarity that takes the source (point, xy) nearest to the target, by least squares over common points.

    Procrustes superimposition without reflection, in its closed form for the plane. Two common points are met
    exactly. Raises ValueError if fewer than two different ones are placed in both.
    """
    both = placed(source) & placed(target)
    a, b = _complex(source[both]), _complex(target[both])
    if len(a) < 2 or np.ptp(a.real) + np.ptp(a.imag) == 0:
        raise ValueError("At least two different points must be placed in both shapes.")
    from_a, from_b = a - a.mean(), b - b.mean()
    turn = complex(np.vdot(from_a, from_b) / np.vdot(from_a, from_a).real)
    return Similarity(turn, complex(b.mean() - turn * a.mean()))


def fitted_reference(shape: Floats, schema: LandmarkSchema) -> Floats:
    """The schema's reference laid over the placed points of the shape: (point, xy), in pixels.

    A template from a few anchors, or a guess for the points that are missing. Raises ValueError as `fit` does.
    """
    reference = reference_shape(schema)
    return fit(reference, shape).apply(reference)


def _complex(shape: Floats) -> np.ndarray[tuple[int, ...], np.dtype[np.complex128]]:
    return shape[..., 0] + 1j * shape[..., 1]
