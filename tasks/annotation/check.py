"""What an answer must be to be taken: pure rules, every mistake named at once."""

import json
import math
from collections.abc import Iterator, Sequence
from typing import Any, Protocol

from projects.errors import Invalid

LARGEST_ATTRIBUTES = 16 * 1024  # bytes of JSON
DEEPEST_ATTRIBUTES = 8  # objects and lists in each other
MOST_SECONDS = 86_400.0
EDGE = 0.5  # px from the centre of the outermost pixels to the picture's edge

Problem = dict[str, str]
Rows = list[list[float] | None]


class HasPoints(Protocol):
    points: Any  # one row per landmark, in the order of all answers


class HasSize(Protocol):
    width: int | None  # px
    height: int | None  # px


def check(points: object, visibility: object, *, schema: HasPoints, asset: HasSize) -> tuple[Rows, list[int]]:
    """Landmarks that can stand as an answer, as floats; Invalid with a pointer to each mistake otherwise."""
    _refuse(_of_landmarks(points, visibility, schema, asset))
    return _floats(points), list(visibility)  # type: ignore[call-overload]


def check_answer(
    points: object,
    visibility: object,
    attributes: object,
    seconds: object,
    *,
    schema: HasPoints,
    asset: HasSize,
    asked: Sequence[int] | None = None,
) -> tuple[Rows, list[int], dict[str, Any], float]:
    """The same with what goes along, and only with the landmarks `asked` where not all are."""
    problems = list(_of_landmarks(points, visibility, schema, asset)) or list(_locked(points, asked))
    _refuse([*problems, *_of_attributes(attributes), *_of_seconds(seconds)])
    return _floats(points), list(visibility), attributes, float(seconds)  # type: ignore


def check_draft(points: object, visibility: object, *, schema: HasPoints) -> tuple[Rows, list[int]]:
    """Work that is not done: of the right shape, but points may be missing and lie anywhere."""
    _refuse([*_of_points(points, len(schema.points)), *_of_visibility(visibility, len(schema.points))])
    return _floats(points), list(visibility)  # type: ignore[call-overload]


def _refuse(found: Iterator[Problem] | list[Problem]) -> None:
    if problems := list(found):
        raise Invalid("This answer cannot be taken; `errors` names each mistake.", errors=problems)


def _floats(points: Any) -> Rows:
    return [None if point is None else [float(point[0]), float(point[1])] for point in points]


def _of_landmarks(points: object, visibility: object, schema: HasPoints, asset: HasSize) -> Iterator[Problem]:
    wanted = len(schema.points)
    misshapen = [*_of_points(points, wanted), *_of_visibility(visibility, wanted)]
    if misshapen or not isinstance(points, Sequence) or not isinstance(visibility, Sequence):
        yield from misshapen
        return
    if all(point is None for point in points):
        yield _problem("/points", "has no point at all. Place at least one, or skip the assignment with a reason.")
    for index, (point, seen) in enumerate(zip(points, visibility, strict=True)):
        if point is None and seen != 0:
            yield _problem(f"/visibility/{index}", "must be 0 where the point is null.")
        elif point is not None and seen == 0:
            yield _problem(f"/visibility/{index}", "must be 1 or 2 where the point is placed; send null for no point.")
    yield from _outside(points, asset)


def _of_points(points: object, wanted: int) -> Iterator[Problem]:
    if not isinstance(points, list | tuple):
        yield _problem("/points", "must be a list.")
    elif len(points) != wanted:
        yield _problem("/points", f"has {len(points)} points; the schema has {wanted}. Send null for one not placed.")
    else:
        for index, point in enumerate(points):
            if point is not None and not (
                isinstance(point, list | tuple) and len(point) == 2 and all(_is_number(each) for each in point)
            ):
                yield _problem(f"/points/{index}", "must be null or a pair of finite numbers, [x, y] in px.")


def _of_visibility(visibility: object, wanted: int) -> Iterator[Problem]:
    if not isinstance(visibility, list | tuple):
        yield _problem("/visibility", "must be a list.")
    elif len(visibility) != wanted:
        yield _problem("/visibility", f"has {len(visibility)} values; the schema has {wanted} points.")
    else:
        for index, seen in enumerate(visibility):
            if type(seen) is not int or seen not in (0, 1, 2):
                yield _problem(f"/visibility/{index}", "must be 0 (not labelled), 1 (occluded) or 2 (visible).")


def _locked(points: Any, asked: Sequence[int] | None) -> Iterator[Problem]:
    """A locked point sent back would count as one more person who placed it there."""
    for index, point in enumerate(points):
        if asked is not None and index not in asked and point is not None:
            yield _problem(f"/points/{index}", "is locked: it is not asked. Send null, with visibility 0.")


def _outside(points: Sequence[Any], asset: HasSize) -> Iterator[Problem]:
    sides = ((0, "x", asset.width), (1, "y", asset.height))
    for index, point in enumerate(points):
        wrong = [
            f"{name} = {point[axis]} is not from {-EDGE} to {size - EDGE}"
            for axis, name, size in sides
            if point is not None and size is not None and not -EDGE <= point[axis] <= size - EDGE
        ]
        if wrong:
            detail = "Send null, visibility 0 and a reason in `attributes` for a point that is out of the picture."
            yield _problem(f"/points/{index}", f"lies outside the picture: {', '.join(wrong)}. {detail}")


def _of_attributes(attributes: object) -> Iterator[Problem]:
    if not isinstance(attributes, dict):
        yield _problem("/attributes", "must be an object.")
        return
    if (wrong := _unkeepable(attributes, DEEPEST_ATTRIBUTES)) is not None:
        yield _problem("/attributes", wrong)
    elif len(json.dumps(attributes, ensure_ascii=False).encode()) > LARGEST_ATTRIBUTES:
        yield _problem("/attributes", f"may have at most {LARGEST_ATTRIBUTES} bytes of JSON.")


def _unkeepable(value: object, depth: int) -> str | None:
    """Why the value cannot be stored as JSON exactly as it came."""
    if isinstance(value, dict | list):
        if depth == 0:
            return f"is nested more than {DEEPEST_ATTRIBUTES} deep."
        inside = [*value.keys(), *value.values()] if isinstance(value, dict) else value
        return next((wrong for each in inside if (wrong := _unkeepable(each, depth - 1))), None)
    if isinstance(value, str):
        if "\x00" in value or any("\ud800" <= letter <= "\udfff" for letter in value):
            return "has text that cannot be stored: no NUL characters, no half surrogate pairs."
        return None
    if isinstance(value, float) and not math.isfinite(value):
        return "has a number that is not finite."
    if value is None or isinstance(value, bool | int | float):
        return None
    return "has a value that JSON does not know."


def _of_seconds(seconds: object) -> Iterator[Problem]:
    if not _is_number(seconds) or not 0 <= float(seconds) <= MOST_SECONDS:  # type: ignore[arg-type]
        yield _problem("/seconds", f"must be a number from 0 to {MOST_SECONDS:g}.")


def _is_number(value: object) -> bool:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    try:
        return math.isfinite(value)
    except OverflowError:  # an integer beyond every float
        return False


def _problem(pointer: str, detail: str) -> Problem:
    return {"pointer": pointer, "detail": detail}
