"""Is a schema's dict right in what it says: types, keys, references, mirror pairs?

The bodies are hostile until they have passed here; nothing is assumed about them but that they are JSON.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from typing import Any

from projects.landmarks.problem import Problem

MOST_POINTS = 1000
MOST_CONTOURS = 200
LONGEST_NAME, LONGEST_DEFINITION, LONGEST_REGION = 100, 4000, 64  # characters; the table holds names of 100
LARGEST_COORDINATE = 1e6  # Of a reference shape, which is of about unit size.
KEY = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,63}")
# PostgreSQL stores neither NUL nor half a surrogate pair; the other controls have no business in a text.
UNPRINTABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")
KINDS = ("distance", "box_diagonal")


def faults(d: Any) -> Iterator[Problem]:
    if not isinstance(d, dict):
        yield Problem("", "wrong_type", "A schema is a JSON object with at least `name` and `points`.")
        return
    if d.get("name") is None:
        yield Problem("/name", "missing", "Give the schema a name.")
    yield from _name(d.get("name"), "/name")
    yield from _points(d.get("points"))
    known = known_keys(d)
    yield from _contours(d.get("contours"), known)
    yield from _mirror(d.get("mirror"), known)
    yield from _normaliser(d.get("normaliser"), known)
    yield from _reference(d.get("reference"), known)


def known_keys(d: dict[str, Any]) -> set[str]:
    points = d.get("points")
    rows = points[:MOST_POINTS] if isinstance(points, list) else []
    return {row["key"] for row in rows if isinstance(row, dict) and _is_key(row.get("key"))}


def _points(points: Any) -> Iterator[Problem]:
    yield from _keyed(points, "/points", MOST_POINTS)
    for i, point in _objects(points, MOST_POINTS):
        at = f"/points/{i}"
        yield from _name(point.get("name"), f"{at}/name")
        yield from _text(point.get("definition"), f"{at}/definition", LONGEST_DEFINITION)
        yield from _text(point.get("region"), f"{at}/region", LONGEST_REGION)
        tolerance = point.get("tolerance")
        if tolerance is not None and not (_is_number(tolerance) and 0 < tolerance <= 1):
            detail = "The tolerance is a fraction of the normaliser's length: more than 0, at most 1."
            yield Problem(f"{at}/tolerance", "bad_tolerance", detail)


def _contours(contours: Any, known: set[str]) -> Iterator[Problem]:
    if contours is None:
        return
    yield from _keyed(contours, "/contours", MOST_CONTOURS)
    for i, contour in _objects(contours, MOST_CONTOURS):
        at = f"/contours/{i}"
        yield from _name(contour.get("name"), f"{at}/name")
        yield from _references(contour.get("points"), f"{at}/points", known)
        if not isinstance(contour.get("closed", False), bool):
            yield Problem(f"{at}/closed", "wrong_type", "`closed` is true or false.")


def _mirror(mirror: Any, known: set[str]) -> Iterator[Problem]:
    if mirror is None:
        return
    if not isinstance(mirror, list):
        yield Problem("/mirror", "wrong_type", 'List the mirror pairs: [["left", "right"], …].')
        return
    paired: set[str] = set()
    for i, pair in enumerate(mirror):
        at = f"/mirror/{i}"
        if not (_are_strings(pair) and len(pair) == 2):
            yield Problem(at, "wrong_type", "A mirror pair is a list of two point keys.")
            continue
        if pair[0] == pair[1]:
            yield Problem(at, "mirror_of_itself", "Leave points on the midline out of the mirror pairs.")
            continue
        for j, key in enumerate(pair):
            if key not in known:
                yield _unknown(f"{at}/{j}", key)
            elif key in paired:
                detail = f"{_show(key)} is in two mirror pairs; mirroring twice must lead back to the same point."
                yield Problem(f"{at}/{j}", "mirror_not_involution", detail)
        paired.update(pair)


def _normaliser(normaliser: Any, known: set[str]) -> Iterator[Problem]:
    if normaliser is None:
        return
    if not isinstance(normaliser, dict):
        yield Problem("/normaliser", "wrong_type", 'The normaliser is {"kind": "distance", "a": […], "b": […]}.')
        return
    kind: Any = normaliser.get("kind")
    a: Any = normaliser.get("a")
    b: Any = normaliser.get("b")
    if kind not in KINDS:
        yield Problem("/normaliser/kind", "unknown_kind", "The kind is `distance` or `box_diagonal`.")
    yield from _references(a, "/normaliser/a", known)
    yield from _references(b, "/normaliser/b", known)
    if kind == "box_diagonal" and (a or b):
        yield Problem("/normaliser", "needless_points", "A box diagonal takes all points; leave `a` and `b` empty.")
    if kind == "distance" and a and _are_strings(a) and _are_strings(b) and set(a) == set(b):
        yield Problem("/normaliser", "zero_length", "`a` and `b` are the same points, so their distance is zero.")


def _reference(reference: Any, known: set[str]) -> Iterator[Problem]:
    if reference is None:
        return
    if not isinstance(reference, dict):
        yield Problem("/reference", "wrong_type", "The reference shape is {point key: [x, y], …}.")
        return
    for key, xy in reference.items():
        at = f"/reference/{_escaped(key)}"
        if key not in known:
            yield _unknown(at, key)
        if not (isinstance(xy, list) and len(xy) == 2 and all(_is_number(v) for v in xy)):
            yield Problem(at, "not_a_coordinate", "A reference point is two finite numbers, [x, y].")
        elif max(abs(v) for v in xy) > LARGEST_COORDINATE:
            yield Problem(at, "not_a_coordinate", "The reference shape is of about unit size; this is far outside.")


def _keyed(rows: Any, at: str, most: int) -> Iterator[Problem]:
    """A list of objects, not too many, each with a key of its own."""
    if not isinstance(rows, list):
        yield Problem(at, "wrong_type", "This is a list of objects, each with a `key`.")
        return
    if len(rows) > most:
        yield Problem(at, "too_many", f"At most {most} are allowed; there are {len(rows)}.")
    first: dict[str, int] = {}
    for i, row in enumerate(rows[:most]):
        if not isinstance(row, dict):
            yield Problem(f"{at}/{i}", "wrong_type", "This is an object with a `key`.")
        elif row.get("key") is None:
            yield Problem(f"{at}/{i}/key", "missing", "Give it a key.")
        elif not _is_key(row["key"]):
            detail = "A key has 1 to 64 letters a-z, digits, `_`, `-` or `.`, and begins with a letter or digit."
            yield Problem(f"{at}/{i}/key", "bad_key", detail)
        elif row["key"] in first:
            detail = f"{at}/{first[row['key']]} has the key {_show(row['key'])} already."
            yield Problem(f"{at}/{i}/key", "duplicate_key", detail)
        else:
            first[row["key"]] = i


def _references(keys: Any, at: str, known: set[str]) -> Iterator[Problem]:
    """A list of keys of points that exist, none twice."""
    if keys is None:
        return
    if not _are_strings(keys):
        yield Problem(at, "wrong_type", "This is a list of point keys.")
        return
    seen: set[str] = set()
    for i, key in enumerate(keys):
        if key not in known:
            yield _unknown(f"{at}/{i}", key)
        elif key in seen:
            yield Problem(f"{at}/{i}", "repeated_point", f"{_show(key)} is named twice.")
        seen.add(key)


def _name(value: Any, at: str) -> Iterator[Problem]:
    yield from _text(value, at, LONGEST_NAME)
    if isinstance(value, str) and not value.strip():
        yield Problem(at, "empty", "Give it a name.")


def _text(value: Any, at: str, longest: int) -> Iterator[Problem]:
    if value is None:
        return
    if not isinstance(value, str):
        yield Problem(at, "wrong_type", "This is a text.")
    elif len(value) > longest:
        yield Problem(at, "too_long", f"At most {longest} characters are allowed; this has {len(value)}.")
    elif UNPRINTABLE.search(value):
        yield Problem(at, "unprintable", "Leave out control characters.")


def _unknown(at: str, key: Any) -> Problem:
    return Problem(at, "unknown_point", f"No point has the key {_show(key)}.")


def _objects(rows: Any, most: int) -> Iterator[tuple[int, dict[str, Any]]]:
    for i, row in enumerate(rows[:most] if isinstance(rows, list) else ()):
        if isinstance(row, dict):
            yield i, row


def _is_key(value: Any) -> bool:
    return isinstance(value, str) and KEY.fullmatch(value) is not None


def _are_strings(values: Any) -> bool:
    return isinstance(values, list) and all(isinstance(value, str) for value in values)


def _is_number(value: Any) -> bool:
    if isinstance(value, bool):
        return False
    if isinstance(value, int):
        return abs(value) < 10**300  # More than that, and float() would raise.
    return isinstance(value, float) and math.isfinite(value)


def _show(key: Any) -> str:
    return repr(key[:64] if isinstance(key, str) else key)


def _escaped(key: Any) -> str:
    """The key as a step of a JSON pointer, safe to encode."""
    return str(key)[:64].encode("utf-8", "backslashreplace").decode().replace("~", "~0").replace("/", "~1")
