"""Simulated people: annotators of different skill who answer from the truth, and a reviewer with a good eye."""

import zlib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from orchestrator.outside.faces.shape import JAW, LEFT_BROW, LEFT_EYE, NOSE_BASE, RIGHT_BROW, RIGHT_EYE

Points = NDArray[np.float64]

COUNT = 68
LEFT_CORNER, RIGHT_CORNER = 36, 45  # of the eyes, outer; their distance is the unit of every error here

# How unsure a careful person is about each part, as a share of the distance between the outer eye corners.
UNSURE = np.full(COUNT, 0.0075)
UNSURE[JAW] = 0.015
UNSURE[LEFT_BROW] = UNSURE[RIGHT_BROW] = 0.012
UNSURE[NOSE_BASE] = 0.009
UNSURE[LEFT_EYE] = UNSURE[RIGHT_EYE] = 0.006


@dataclass(frozen=True, kw_only=True)
class Answer:
    points: list[list[float]]
    visibility: list[int]
    seconds: float


@dataclass(frozen=True, kw_only=True)
class Annotator:
    """How one person errs; 1.0 is a careful person's scatter."""

    name: str
    scatter: float
    bias: float  # where she always puts points a little wrong, in the same units as the scatter
    tail: float  # degrees of freedom: the smaller, the more often far off
    slip: float  # chance that a whole block of points goes wrong
    notices_hidden: float  # chance of marking a hidden point as such
    pace_seconds: float

    def answer(self, truth: Points, visibility: Sequence[int], *, key: str) -> Answer:
        """What she submits for this picture; the same each time she is asked."""
        chance = np.random.default_rng(seed_of(self.name, key))
        unit = eye_distance(truth)
        habit = np.random.default_rng(seed_of(self.name)).normal(size=(COUNT, 2)) * self.bias
        stray = chance.standard_t(self.tail, size=(COUNT, 2)) * self.scatter
        hidden = np.array(visibility) == 1
        unsure = UNSURE * np.where(hidden, 2.5, 1.0)
        points = truth + (habit + stray) * unsure[:, None] * unit
        if chance.random() < self.slip:
            points = _slip(points, chance, unit)
        noticed = hidden & (chance.random(COUNT) < self.notices_hidden)
        seconds = round(float(self.pace_seconds * chance.lognormal(0, 0.3)), 1)
        return Answer(points=_as_lists(points), visibility=np.where(noticed, 1, 2).tolist(), seconds=seconds)


def _slip(points: Points, chance: np.random.Generator, unit: float) -> Points:
    """The mistakes that people make: the jaw shifted by one, a part mirrored, one point far away."""
    points = points.copy()
    kind = chance.choice(["jaw", "eyes", "lone", "lone"])
    if kind == "jaw":
        points[1:16] = points[2:17]
    elif kind == "eyes":
        points[36:48] = points[[45, 44, 43, 42, 47, 46, 39, 38, 37, 36, 41, 40]]
    else:
        points[chance.integers(COUNT)] += chance.normal(size=2) * 0.35 * unit
    return points


CREW = (
    Annotator(name="ann", scatter=0.8, bias=0.4, tail=5, slip=0.01, notices_hidden=0.97, pace_seconds=64),
    Annotator(name="ben", scatter=1.0, bias=0.5, tail=4, slip=0.02, notices_hidden=0.93, pace_seconds=55),
    Annotator(name="cyd", scatter=1.2, bias=0.6, tail=4, slip=0.03, notices_hidden=0.90, pace_seconds=48),
    Annotator(name="dan", scatter=1.0, bias=1.2, tail=4, slip=0.03, notices_hidden=0.85, pace_seconds=50),
    Annotator(name="eve", scatter=1.6, bias=0.7, tail=3, slip=0.05, notices_hidden=0.80, pace_seconds=37),
    Annotator(name="finn", scatter=1.3, bias=0.6, tail=3, slip=0.04, notices_hidden=0.85, pace_seconds=41),
    # Every crowd has one: fast, far off, and often confused.
    Annotator(name="gus", scatter=4.5, bias=3.0, tail=2.5, slip=0.40, notices_hidden=0.2, pace_seconds=9),
)


@dataclass(frozen=True, kw_only=True)
class Verdict:
    verdict: str  # accept, correct or redo
    points: list[list[float]] | None = None
    visibility: list[int] | None = None
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class Reviewer:
    """Looks at the picture and the merged points, and says what is to be done; her own eye errs a little too."""

    name: str
    scatter: float = 0.5
    near: float = 0.024  # mean error she accepts, in eye distances
    far_point: float = 0.18  # a single point as far off as this is put right
    terrible: float = 0.07  # mean error beyond which everybody had better start again

    def look(
        self,
        truth: Points,
        visibility: Sequence[int],
        merged: Sequence[Sequence[float] | None],
        *,
        key: str,
        may_redo: bool = True,
    ) -> Verdict:
        eye = Annotator(
            name=self.name, scatter=self.scatter, bias=0.1, tail=8, slip=0, notices_hidden=0.99, pace_seconds=20
        )
        seen = eye.answer(truth, visibility, key=key)
        unit = eye_distance(truth)
        shown = np.array([point or (np.nan, np.nan) for point in merged], float)
        off = np.hypot(*(shown - np.array(seen.points)).T) / unit
        missing = bool(np.isnan(off).any())
        if not missing and off.mean() <= self.near and off.max() <= self.far_point:
            return Verdict(verdict="accept", note="Fits.")
        if may_redo and not missing and off.mean() > self.terrible:
            return Verdict(verdict="redo", note=f"Off by {off.mean():.0%} of the eye distance: please start again.")
        worst = int(np.nan_to_num(off).argmax())
        # What looks right to her she leaves as it is; a point that is missing is not near either.
        points = np.where((off < 0.05)[:, None], shown, np.array(seen.points))
        return Verdict(
            verdict="correct",
            points=_as_lists(points),
            visibility=seen.visibility,
            note=f"Point {worst} was off by {np.nan_to_num(off)[worst]:.0%} of the eye distance.",
        )


def eye_distance(points: Points) -> float:
    return float(np.hypot(*(points[RIGHT_CORNER] - points[LEFT_CORNER])))


def seed_of(*words: str) -> int:
    return zlib.crc32("/".join(words).encode())


def _as_lists(points: Points) -> list[list[float]]:
    return [[round(x, 2), round(y, 2)] for x, y in points.tolist()]
