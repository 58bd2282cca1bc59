"""What a draft of a schema may leave out and a published one may not."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from projects.landmarks.problem import Problem


def gaps(d: dict[str, Any]) -> Iterator[Problem]:
    """Only absence is looked for; what is there but wrong is for `wellformed` to say."""
    yield from _points(d.get("points"))
    yield from _contours(d.get("contours"))
    yield from _normaliser(d.get("normaliser"))
    yield from _reference(d.get("reference"), d.get("points"))


def _points(points: Any) -> Iterator[Problem]:
    if not isinstance(points, list):
        return
    if len(points) < 2:
        yield Problem("/points", "too_few", "A schema needs at least two points, or nothing gives it a size.")
    for i, point in enumerate(points):
        if not isinstance(point, dict):
            continue
        definition = point.get("definition")
        if definition is None or (isinstance(definition, str) and not definition.strip()):
            yield Problem(f"/points/{i}/definition", "missing", "Tell the annotator in a sentence where to click.")
        if point.get("tolerance") is None:
            detail = "Say how far apart careful people may be, as a fraction of the normaliser's length."
            yield Problem(f"/points/{i}/tolerance", "missing", detail)


def _contours(contours: Any) -> Iterator[Problem]:
    for i, contour in enumerate(contours if isinstance(contours, list) else ()):
        if not isinstance(contour, dict):
            continue
        keys, least = contour.get("points"), 3 if contour.get("closed") is True else 2
        if keys is None or (isinstance(keys, list) and len(keys) < least):
            yield Problem(f"/contours/{i}/points", "too_few", f"This contour needs at least {least} points.")


def _normaliser(normaliser: Any) -> Iterator[Problem]:
    if normaliser is None:
        yield Problem("/normaliser", "missing", "Say between which points the length lies that errors are divided by.")
    elif isinstance(normaliser, dict) and normaliser.get("kind") == "distance":
        for side in ("a", "b"):
            if not normaliser.get(side):
                yield Problem(f"/normaliser/{side}", "missing", "Name at least one point.")


def _reference(reference: Any, points: Any) -> Iterator[Problem]:
    if not reference:
        yield Problem("/reference", "missing", "Give a mean shape: {point key: [x, y], …}.")
    elif isinstance(reference, dict) and isinstance(points, list):
        keys = [point.get("key") for point in points if isinstance(point, dict)]
        absent = [key for key in keys if isinstance(key, str) and key not in reference]
        if absent:
            some = ", ".join(repr(key[:64]) for key in absent[:5]) + (", …" if len(absent) > 5 else "")
            detail = f"The reference shape lacks {len(absent)} of {len(keys)} points: {some}."
            yield Problem("/reference", "incomplete", detail)
