"""Can a complete schema's reference shape be what its normaliser and mirror pairs say?

Geometry in plain Python: it runs in web requests, once per publication.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from statistics import fmean, median
from typing import Any

from projects.landmarks.problem import Problem

XY = tuple[float, float]
SMALLEST_SIZE = 1e-6  # Of the bounding box's diagonal, in the reference's own unit.
FLATTEST = 1e-6  # Least width over length of a shape that is more than a line.
SHORTEST_NORMALISER = 1e-3  # Here and below: in diagonals of the bounding box.
FARTHEST_MIRROR_IMAGE = 0.15
FARTHEST_FROM_MIDLINE = 0.1
NEARER_PARTNER_MARGIN = 0.02
SIDE = re.compile(r"left|right")


def faults(d: dict[str, Any]) -> Iterator[Problem]:
    """Takes a dict with neither faults nor gaps."""
    shape: dict[str, XY] = {}
    for point in d["points"]:
        x, y = d["reference"][point["key"]]
        shape[point["key"]] = float(x), float(y)
    size = _diagonal(list(shape.values()))
    if size < SMALLEST_SIZE:
        yield Problem("/reference", "degenerate", "All points of the reference shape lie in one place.")
    elif len(shape) > 2 and _flatness(list(shape.values()), size) < FLATTEST:
        yield Problem("/reference", "degenerate", "All points of the reference shape lie on one line.")
    else:
        yield from _normaliser(d["normaliser"], shape, size)
        yield from _mirror(d.get("mirror") or [], shape, size)


def _normaliser(normaliser: dict[str, Any], shape: dict[str, XY], size: float) -> Iterator[Problem]:
    if normaliser["kind"] == "distance":
        a, b = (_mean([shape[key] for key in normaliser[side]]) for side in ("a", "b"))
        if math.dist(a, b) < SHORTEST_NORMALISER * size:
            yield Problem("/normaliser", "zero_length", "In the reference shape the normaliser's length is about zero.")


def _mirror(pairs: list[list[str]], shape: dict[str, XY], size: float) -> Iterator[Problem]:
    """Pairs that do not change sides like the others, that miss each other, or that somebody forgot."""
    if not pairs:
        return
    across = _across([(shape[a], shape[b]) for a, b in pairs])
    middle = median(_dot(across, _mean([shape[a], shape[b]])) for a, b in pairs)
    steps = [_dot(across, shape[b]) - _dot(across, shape[a]) for a, b in pairs]
    usual = sum(math.copysign(1, step) for step in steps) or steps[0]
    first_word = next((word for a, _ in pairs if (word := _side(a))), None)
    for i, (a, b) in enumerate(pairs):
        if steps[i] * usual <= 0 or _side(a) not in (first_word, None):
            detail = f"{a!r} and {b!r} are the other way round than the other pairs: name the same side first in each."
            yield Problem(f"/mirror/{i}", "mirror_order", detail)
        image = _reflected(shape[a], across, middle)
        miss = math.dist(image, shape[b]) / size
        nearest = min((key for key in shape if key != b), key=lambda key: math.dist(image, shape[key]))
        if miss > FARTHEST_MIRROR_IMAGE:
            detail = f"In the reference shape {b!r} is far from the mirror image of {a!r}."
            yield Problem(f"/mirror/{i}", "mirror_mismatch", detail)
        elif miss > 2 * math.dist(image, shape[nearest]) / size + NEARER_PARTNER_MARGIN:
            detail = f"In the reference shape the mirror image of {a!r} is at {nearest!r}, not at {b!r}."
            yield Problem(f"/mirror/{i}", "mirror_mismatch", detail)
    alone = shape.keys() - {key for pair in pairs for key in pair}
    for key in sorted(alone, key=list(shape).index):
        if abs(_dot(across, shape[key]) - middle) > FARTHEST_FROM_MIDLINE * size:
            detail = f"{key!r} is off the midline of the reference shape, yet has no mirror pair."
            yield Problem("/mirror", "mirror_missing", detail)


def _across(pairs: list[tuple[XY, XY]]) -> XY:
    """The unit vector along which pairs face each other, whichever of the two comes first: a principal axis."""
    steps = [(b[0] - a[0], b[1] - a[1]) for a, b in pairs]
    xx, yy, xy = (sum(s[i] * s[j] for s in steps) for i, j in ((0, 0), (1, 1), (0, 1)))
    angle = math.atan2(2 * xy, xx - yy) / 2
    return math.cos(angle), math.sin(angle)


def _reflected(point: XY, across: XY, middle: float) -> XY:
    step = 2 * (_dot(across, point) - middle)
    return point[0] - step * across[0], point[1] - step * across[1]


def _side(key: str) -> str | None:
    """Which side the key speaks of, if of one."""
    words = set(SIDE.findall(key.lower()))
    return words.pop() if len(words) == 1 else None


def _diagonal(points: list[XY]) -> float:
    xs, ys = zip(*points, strict=True)
    return math.hypot(max(xs) - min(xs), max(ys) - min(ys))


def _flatness(points: list[XY], size: float) -> float:
    """Width over length, as a ratio of principal standard deviations."""
    x0, y0 = _mean(points)
    centred = [((x - x0) / size, (y - y0) / size) for x, y in points]
    xx, yy, xy = (fmean(p[i] * p[j] for p in centred) for i, j in ((0, 0), (1, 1), (0, 1)))
    longest = (xx + yy + math.hypot(xx - yy, 2 * xy)) / 2
    return math.sqrt(max(xx * yy - xy * xy, 0.0)) / longest


def _mean(points: list[XY]) -> XY:
    return fmean(x for x, _ in points), fmean(y for _, y in points)


def _dot(a: XY, b: XY) -> float:
    return a[0] * b[0] + a[1] * b[1]
