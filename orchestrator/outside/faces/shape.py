"""The 68 points of an imagined person: proportions, expression and pose, in the order of the preset `ibug68`.

Lengths are in half face widths, x to the viewer's right, y down, z towards the viewer; (0, 0, 0) lies between the eyes.
"""

import math
import random
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Points = NDArray[np.float64]

JAW = slice(0, 17)
LEFT_BROW, RIGHT_BROW = slice(17, 22), slice(22, 27)
BRIDGE, NOSE_BASE = slice(27, 31), slice(31, 36)
LEFT_EYE, RIGHT_EYE = slice(36, 42), slice(42, 48)
OUTER_LIPS, INNER_LIPS = slice(48, 60), slice(60, 68)


@dataclass(frozen=True, kw_only=True)
class Build:
    """What a face is like whatever it does: proportions around 1."""

    chin: float  # y of the chin
    jaw_squareness: float  # 0 pointed, 1 square
    eye_gap: float
    eye_size: float
    eye_slant: float
    nose_length: float
    nose_width: float
    mouth_width: float
    lip_fullness: float
    brow_height: float
    brow_arch: float

    @classmethod
    def imagine(cls, chance: random.Random) -> "Build":
        return cls(
            chin=chance.uniform(1.55, 1.85),
            jaw_squareness=chance.uniform(0.05, 0.85),
            eye_gap=chance.uniform(0.92, 1.10),
            eye_size=chance.uniform(0.88, 1.18),
            eye_slant=chance.uniform(-0.03, 0.05),
            nose_length=chance.uniform(0.88, 1.12),
            nose_width=chance.uniform(0.80, 1.25),
            mouth_width=chance.uniform(0.85, 1.15),
            lip_fullness=chance.uniform(0.70, 1.45),
            brow_height=chance.uniform(0.90, 1.15),
            brow_arch=chance.uniform(0.3, 1.2),
        )


@dataclass(frozen=True, kw_only=True)
class Expression:
    """What a face does at the moment."""

    smile: float  # -0.5 sad … 1 broad
    open_mouth: float  # 0 closed … 1 wide
    left_lid: float  # 0 shut … 1 open
    right_lid: float
    brow_lift: float

    @classmethod
    def imagine(cls, chance: random.Random) -> "Expression":
        lid = chance.uniform(0.75, 1.15)
        wink = chance.random() < 0.06
        return cls(
            smile=chance.choice([chance.uniform(-0.35, 0.2), chance.uniform(0.2, 1.0), chance.uniform(0.2, 1.0)]),
            open_mouth=chance.choice([0.0, 0.0, chance.uniform(0.15, 0.9)]),
            left_lid=lid,
            right_lid=0.12 if wink else lid,
            brow_lift=chance.uniform(-0.06, 0.10),
        )


@dataclass(frozen=True, kw_only=True)
class Pose:
    """Where the head looks, in degrees; positive yaw is to the viewer's right, positive pitch is down."""

    yaw: float
    pitch: float
    roll: float

    @classmethod
    def imagine(cls, chance: random.Random) -> "Pose":
        turned = chance.random() < 0.2
        yaw = chance.choice([-1, 1]) * chance.uniform(22, 32) if turned else chance.gauss(0, 6)
        return cls(yaw=yaw, pitch=chance.gauss(0, 4), roll=chance.gauss(0, 6))

    def turn(self, solid: Points) -> Points:
        """Solid points (n, 3) as seen: (n, 2), parallel projection."""
        yaw, pitch, roll = (math.radians(angle) for angle in (self.yaw, self.pitch, self.roll))
        x, y, z = solid.T
        x, z = x * math.cos(yaw) + z * math.sin(yaw), z * math.cos(yaw) - x * math.sin(yaw)
        y = y * math.cos(pitch) + z * math.sin(pitch)
        return np.column_stack([x * math.cos(roll) - y * math.sin(roll), x * math.sin(roll) + y * math.cos(roll)])


def solid_points(build: Build, expression: Expression) -> Points:
    """The 68 points (68, 3) before the head turns."""
    parts = [_jaw(build, expression), _brows(build, expression), _nose(build), _eyes(build, expression)]
    return np.vstack([*parts, _mouth(build, expression)])


def _jaw(build: Build, expression: Expression) -> Points:
    chin = build.chin + 0.16 * expression.open_mouth
    angle = np.linspace(0, math.pi, 721)
    squareness = 1.0 - 0.45 * build.jaw_squareness
    x = -np.sign(np.cos(angle)) * np.abs(np.cos(angle)) ** squareness
    y = chin * np.sin(angle) ** (0.95 + 0.12 * build.jaw_squareness)
    return _solid(*_evenly(x, y, 17), depth=lambda px, py: 0.30 * py / chin - 0.12)


def _evenly(x: Points, y: Points, count: int) -> tuple[Points, Points]:
    """Points at equal distances along a finely drawn curve."""
    along = np.concatenate([[0.0], np.cumsum(np.hypot(np.diff(x), np.diff(y)))])
    stops = np.linspace(0, along[-1], count)
    return np.interp(stops, along, x), np.interp(stops, along, y)


def _brows(build: Build, expression: Expression) -> Points:
    x = np.array([0.76, 0.64, 0.50, 0.36, 0.22]) * (0.5 + 0.5 * build.eye_gap)
    height = 0.38 * build.brow_height + expression.brow_lift
    arch = np.array([-0.10, 0.01, 0.045, 0.035, 0.0]) * build.brow_arch
    y = -(height + arch) - 0.25 * build.eye_slant * (x - 0.5)
    right = _solid(x[::-1], y[::-1], depth=_front)
    return np.vstack([_mirrored(right), right])


def _nose(build: Build) -> Points:
    tip = 0.66 * build.nose_length
    bridge_y = np.linspace(0.02, tip, 4)
    bridge = np.column_stack([np.zeros(4), bridge_y, np.linspace(0.52, 0.88, 4)])
    x = np.array([-0.24, -0.12, 0.0, 0.12, 0.24]) * build.nose_width
    y = tip + np.array([0.10, 0.145, 0.17, 0.145, 0.10])
    return np.vstack([bridge, np.column_stack([x, y, [0.52, 0.60, 0.64, 0.60, 0.52]])])


def _eyes(build: Build, expression: Expression) -> Points:
    both = []
    for lid in (expression.left_lid, expression.right_lid):
        half, tall = 0.195 * build.eye_size, 0.108 * build.eye_size * lid
        # Outer corner, two upper points, inner corner, two lower points, of the viewer's right eye.
        x = np.array([half, 0.40 * half, -0.45 * half, -half, -0.40 * half, 0.42 * half])
        y = np.array([0.0, -tall, -tall, 0.012, 0.72 * tall, 0.76 * tall])
        centre = 0.445 * build.eye_gap
        smile = 0.02 * max(expression.smile, 0.0)
        y[4:] -= smile * lid
        y = y - build.eye_slant * x / half
        both.append(_solid(centre + x, y, depth=_front))
    left, right = both[0], both[1]
    # The left eye runs from its outer corner too, the right one from its inner corner.
    return np.vstack([left * [-1, 1, 1], right[[3, 2, 1, 0, 5, 4]]])


def _mouth(build: Build, expression: Expression) -> Points:
    smile, gap = expression.smile, 0.30 * expression.open_mouth
    half = 0.37 * build.mouth_width * (1 + 0.16 * smile - 0.12 * expression.open_mouth)
    y0 = 0.66 * build.nose_length + 0.17 + 0.24 * (build.chin / 1.7)
    upper, lower = 0.085 * build.lip_fullness, 0.115 * build.lip_fullness
    lift = -0.11 * smile

    def row(shares: list[float], heights: list[float], bend: float) -> Points:
        x = half * np.array(shares)
        return np.column_stack([x, y0 + np.array(heights) + bend * (x / half) ** 2, np.zeros(len(x))])

    top = row(
        [-1, -0.62, -0.24, 0, 0.24, 0.62, 1], [0, -0.8 * upper, -upper, -0.84 * upper, -upper, -0.8 * upper, 0], lift
    )
    bottom = row(
        [0.62, 0.28, 0, -0.28, -0.62],
        [gap + share * lower for share in (0.72, 1.0, 1.03, 1.0, 0.72)],
        lift,
    )
    inside = 0.012
    inner_top = row([-0.86, -0.36, 0, 0.36, 0.86], [0.0, -inside, -inside * 0.6, -inside, 0.0], lift)
    inner_bottom = row([0.40, 0, -0.40], [gap * 0.86 + inside, gap + inside, gap * 0.86 + inside], lift)
    mouth = np.vstack([top, bottom, inner_top, inner_bottom])
    mouth[:, 2] = 0.56 - 0.45 * mouth[:, 0] ** 2
    return mouth


def _front(x: Points, y: Points) -> Points:
    """The depth of the front of the face: round like a barrel."""
    return 0.52 - 0.42 * x**2


def _solid(x: Points, y: Points, *, depth: Callable[[Points, Points], Points]) -> Points:
    return np.column_stack([x, y, depth(x, y)])


def _mirrored(right: Points) -> Points:
    return right[::-1] * [-1, 1, 1]
