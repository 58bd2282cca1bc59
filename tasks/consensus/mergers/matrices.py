"""Symmetric 2 x 2 matrices by the million, as three arrays; a vector (x, y) is the complex number x + iy."""

from dataclasses import dataclass

import numpy as np

from tasks.consensus.mergers.answers import Floats, Ints
from tasks.consensus.mergers.rows import Complex


@dataclass(frozen=True, eq=False)
class Matrix:
    """[[xx, xy], [xy, yy]], as many as the arrays are long."""

    xx: Floats
    xy: Floats
    yy: Floats

    def inverse(self) -> "Matrix":
        determinant = self.xx * self.yy - self.xy**2
        return Matrix(self.yy / determinant, -self.xy / determinant, self.xx / determinant)

    def apply(self, z: Complex) -> Complex:
        return np.asarray(self.xx * z.real + self.xy * z.imag + 1j * (self.xy * z.real + self.yy * z.imag))

    def form(self, z: Complex) -> Floats:
        """z' M z"""
        return np.asarray(self.xx * z.real**2 + 2 * self.xy * z.real * z.imag + self.yy * z.imag**2)

    def around(self, middle: "Matrix") -> "Matrix":
        """M A M for another A"""
        px, py = self.xx * middle.xx + self.xy * middle.xy, self.xx * middle.xy + self.xy * middle.yy
        qx, qy = self.xy * middle.xx + self.yy * middle.xy, self.xy * middle.xy + self.yy * middle.yy
        return Matrix(px * self.xx + py * self.xy, px * self.xy + py * self.yy, qx * self.xy + qy * self.yy)

    def less(self, other: "Matrix") -> "Matrix":
        return Matrix(self.xx - other.xx, self.xy - other.xy, self.yy - other.yy)

    def times(self, factor: Floats) -> "Matrix":
        return Matrix(self.xx * factor, self.xy * factor, self.yy * factor)

    def at(self, which: Ints) -> "Matrix":
        return Matrix(self.xx[which], self.xy[which], self.yy[which])

    def trace_with(self, other: "Matrix") -> Floats:
        """tr(M A)"""
        return np.asarray(self.xx * other.xx + 2 * self.xy * other.xy + self.yy * other.yy)

    def full(self) -> Floats:
        """(..., 2, 2)"""
        return np.stack([np.stack([self.xx, self.xy], -1), np.stack([self.xy, self.yy], -1)], -2)
