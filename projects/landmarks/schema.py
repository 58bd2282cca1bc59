"""A landmark schema: which points there are, in which order, and how they belong together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Literal

from projects.landmarks.lint import lint_draft, lint_published, ready_to_publish
from projects.landmarks.problem import Problem

__all__ = [
    "BadSchema",
    "Contour",
    "LandmarkSchema",
    "Normaliser",
    "Point",
    "Problem",
    "lint_draft",
    "lint_published",
    "ready_to_publish",
]


class BadSchema(ValueError):
    """The dict is no schema; `problems` says where and why."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("; ".join(f"{problem.pointer or '/'}: {problem.detail}" for problem in problems[:3]))
        self.problems = problems


@dataclass(frozen=True)
class Point:
    key: str
    name: str
    definition: str = ""  # One sentence that tells an annotator where to click.
    region: str = ""
    tolerance: float | None = None  # Fraction of the normaliser's length; None only in a draft.


@dataclass(frozen=True)
class Contour:
    """Points along one visible line, in order; a closed one returns from the last to the first."""

    key: str
    name: str
    points: tuple[str, ...]
    closed: bool = False


@dataclass(frozen=True)
class Normaliser:
    """The length that errors are divided by.

    `distance`: from the mean of the `a` points to the mean of the `b` points, such as between the outer eye corners.
    `box_diagonal`: the diagonal of the shape's upright bounding box, for schemas with no such pair.
    """

    kind: Literal["distance", "box_diagonal"]
    a: tuple[str, ...] = ()
    b: tuple[str, ...] = ()


@dataclass(frozen=True)
class LandmarkSchema:
    """Named points in the order in which every array of coordinates lists them.

    A mirror pair names two different points, the same side first in each (presets: the image's left). A point in no
    pair lies on the midline and is its own mirror image, so that the pairs always make an involution.
    """

    name: str
    points: tuple[Point, ...]
    contours: tuple[Contour, ...] = ()
    mirror: tuple[tuple[str, str], ...] = ()
    normaliser: Normaliser | None = None  # None only in a draft.
    reference: Mapping[str, tuple[float, float]] = field(
        default_factory=dict, hash=False
    )  # x right, y down; unit frame

    @cached_property
    def keys(self) -> tuple[str, ...]:
        return tuple(point.key for point in self.points)

    @cached_property
    def index(self) -> dict[str, int]:
        """Where each key's point stands in the order."""
        return {key: position for position, key in enumerate(self.keys)}

    @cached_property
    def regions(self) -> dict[str, tuple[int, ...]]:
        """Positions of the points of each region, regions in order of first appearance."""
        found: dict[str, list[int]] = {}
        for position, point in enumerate(self.points):
            found.setdefault(point.region, []).append(position)
        return {region: tuple(positions) for region, positions in found.items()}

    def positions(self, keys: tuple[str, ...]) -> tuple[int, ...]:
        return tuple(self.index[key] for key in keys)

    @classmethod
    def from_dict(cls, d: Any) -> LandmarkSchema:
        """Read the JSON shape of presets, API and database.

        Raises BadSchema for whatever `lint_draft` refuses. Fields it does not know are left out.
        """
        if problems := lint_draft(d):
            raise BadSchema(problems)
        return cls(
            name=d["name"],
            points=tuple(_point(p) for p in d["points"]),
            contours=tuple(_contour(c) for c in d.get("contours") or ()),
            mirror=tuple((a, b) for a, b in d.get("mirror") or ()),
            normaliser=_normaliser(d.get("normaliser")),
            reference={key: (float(xy[0]), float(xy[1])) for key, xy in (d.get("reference") or {}).items()},
        )

    def to_dict(self) -> dict[str, Any]:
        """The JSON shape, every field written out; `from_dict` gives an equal schema back."""
        normaliser = self.normaliser
        return {
            "name": self.name,
            "points": [
                {
                    "key": p.key,
                    "name": p.name,
                    "definition": p.definition,
                    "region": p.region,
                    "tolerance": p.tolerance,
                }
                for p in self.points
            ],
            "contours": [
                {"key": c.key, "name": c.name, "points": list(c.points), "closed": c.closed} for c in self.contours
            ],
            "mirror": [list(pair) for pair in self.mirror],
            "normaliser": normaliser and {"kind": normaliser.kind, "a": list(normaliser.a), "b": list(normaliser.b)},
            "reference": {key: list(xy) for key, xy in self.reference.items()},
        }


def _point(d: dict[str, Any]) -> Point:
    tolerance = d.get("tolerance")
    return Point(
        key=d["key"],
        name=d.get("name") or d["key"],
        definition=d.get("definition") or "",
        region=d.get("region") or "",
        tolerance=None if tolerance is None else float(tolerance),
    )


def _contour(d: dict[str, Any]) -> Contour:
    return Contour(d["key"], d.get("name") or d["key"], tuple(d.get("points") or ()), d.get("closed") or False)


def _normaliser(d: dict[str, Any] | None) -> Normaliser | None:
    return None if d is None else Normaliser(d["kind"], tuple(d.get("a") or ()), tuple(d.get("b") or ()))
