"""Landmarks as shapes over a picture: what a page needs to draw them in SVG."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from projects.schemas.models import Schema

Points = Sequence[Sequence[float] | None]
OCCLUDED = 1  # as in projects.landmarks.visibility, which needs NumPy: a page must not wait for it
SPAN = 1.55  # the shown square's side, in sides of the square around the points
FEW = 40  # up to so many points, dots may be big


@dataclass(frozen=True)
class Dot:
    x: str
    y: str
    name: str
    is_occluded: bool = False


@dataclass(frozen=True, kw_only=True)
class Drawing:
    """Numbers are strings, so that no locale puts a comma into them. The origin is the top-left pixel's centre."""

    view_box: str
    width: str
    height: str
    radius: str
    dots: list[Dot] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)  # path data, one for each contour


def draw(points: Points, visibility: Sequence[int], *, schema: Schema, size: tuple[int | None, int | None]) -> Drawing:
    """The points and contours, and the square around them; `size` is the upright picture's, px, None if not known."""
    placed = [point for point in points if point is not None and all(map(math.isfinite, point))]
    left, top, side = _square(placed, size)
    return Drawing(
        view_box=f"{left:.2f} {top:.2f} {side:.2f} {side:.2f}",
        width=str(size[0] or 0),
        height=str(size[1] or 0),
        radius=f"{side * (0.015 if len(points) <= FEW else 0.0105):.3f}",
        dots=[
            Dot(f"{point[0]:.2f}", f"{point[1]:.2f}", described["name"], seen == OCCLUDED)
            for point, seen, described in zip(points, visibility, schema.points, strict=False)
            if point is not None
        ],
        lines=list(_contours(points, schema)),
    )


def _square(placed: Points, size: tuple[int | None, int | None]) -> tuple[float, float, float]:
    """Left, top and side of the square to show: around the points, within the picture as far as it reaches."""
    width, height = size
    if not placed:
        side = float(max(width or 100, height or 100))
        return ((width or 100) - side) / 2 - 0.5, ((height or 100) - side) / 2 - 0.5, side
    xs, ys = [point[0] for point in placed if point], [point[1] for point in placed if point]
    side = max(max(xs) - min(xs), max(ys) - min(ys), 8.0) * SPAN
    if width and height:
        side = min(side, float(max(width, height)))
    left = _within((min(xs) + max(xs) - side) / 2, side, width)
    return left, _within((min(ys) + max(ys) - side) / 2, side, height), side


def _within(start: float, side: float, length: int | None) -> float:
    if length is None:
        return start
    if side >= length:
        return (length - side) / 2 - 0.5
    return min(max(start, -0.5), length - 0.5 - side)


def _contours(points: Points, schema: Schema) -> Iterator[str]:
    where = {described["key"]: point for described, point in zip(schema.points, points, strict=False)}
    for contour in schema.contours:
        keys = [*contour["points"], *(contour["points"][:1] if contour["closed"] else [])]
        path, pen = [], "M"
        for key in keys:
            point = where.get(key)
            if point is None:
                pen = "M"  # a point that was not placed interrupts the line
                continue
            path.append(f"{pen}{point[0]:.2f} {point[1]:.2f}")
            pen = "L"
        if len(path) > 1:
            yield "".join(path)
