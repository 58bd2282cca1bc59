"""Reads lists of pictures, CSV or JSON, row by row: a list of a million rows needs no more memory than one of ten."""

import csv
import io
import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, TextIO

from projects.datasets.intake import describe
from projects.datasets.intake.describe import FIELDS, NUMBERS, OBJECTS, BadDescription
from projects.datasets.intake.scan import Row, Rows, sent_file
from projects.errors import Invalid, Refused

LONGEST_ROW = 2**20  # characters
CHUNK = 2**18  # characters
BEGINNING = re.compile(r'\ufeff?\s*(?:\{\s*"items"\s*:\s*)?\[')
BETWEEN = re.compile(r"[\s,]*")


class ManifestUnreadable(Invalid):
    code = "manifest_unreadable"


@contextmanager
def open_csv(name: str) -> Iterator[Rows]:
    """A list with a header line; columns that are not our words become metadata."""
    with sent_file(name) as file, _text(file) as text:
        yield lambda: _of_csv(text)


@contextmanager
def open_json(name: str) -> Iterator[Rows]:
    """`{"items": […]}` or a list, of objects."""
    with sent_file(name) as file, _text(file) as text:
        yield lambda: _of_json(text)


def _text(file: Any) -> TextIO:
    # What is not UTF-8 becomes surrogates, which the row's own check refuses: one bad row, not the whole list.
    return io.TextIOWrapper(getattr(file, "file", file), encoding="utf-8-sig", errors="surrogateescape", newline="")


def _of_csv(text: TextIO) -> Iterator[Row]:
    text.seek(0)
    lines = _Lines(text)
    reader = csv.reader(lines, strict=True)
    header = [name.strip() for name in _next(reader, lines) or []]
    if "key" not in header or len(set(header)) < len(header):
        raise ManifestUnreadable("The first line must name the columns, each once, with `key` among them.")
    while (cells := _next(reader, lines)) is not None:
        if cells:
            yield _row(lambda header=header, cells=cells: _of_cells(header, cells), key=_cell(header, cells, "key"))


def _next(reader: Any, lines: "_Lines") -> list[str] | None:
    lines.taken = 0
    try:
        return next(reader, None)
    except csv.Error as problem:
        raise ManifestUnreadable(f"Line {reader.line_num} is not CSV: {problem}.") from None


class _Lines:
    """Lines of bounded length, so that a file without line ends is not read into memory at once."""

    def __init__(self, text: TextIO) -> None:
        self.text, self.taken = text, 0  # characters of the row at hand

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self.text.readline(LONGEST_ROW + 1)
        self.taken += len(line)
        if self.taken > LONGEST_ROW:
            raise ManifestUnreadable(f"A row has more than {LONGEST_ROW} characters. Is a quote left open?")
        if not line:
            raise StopIteration
        return line


def _of_cells(header: list[str], cells: list[str]) -> dict[str, Any]:
    if len(cells) != len(header):
        raise BadDescription(f"The row has {len(cells)} cells and the header {len(header)}.")
    given: dict[str, Any] = {}
    own: dict[str, Any] = {}
    for name, cell in zip(header, cells, strict=True):
        if cell == "":
            continue
        if name in NUMBERS:
            given[name] = int(cell) if re.fullmatch(r"\s*\d{1,10}\s*", cell, re.ASCII) else cell
        elif name in OBJECTS:
            given[name] = _object(name, cell)
        elif name in FIELDS:
            given[name] = cell.strip()
        else:
            own[name] = cell
    if own:
        given["metadata"] = own | given.get("metadata", {})
    return given


def _object(name: str, cell: str) -> Any:
    try:
        value = json.loads(cell)
    except (ValueError, RecursionError):
        value = None
    if not isinstance(value, dict):
        raise BadDescription(f"{name} must be a JSON object.")
    return value


def _cell(header: list[str], cells: list[str], name: str) -> str:
    index = header.index(name)
    return cells[index] if index < len(cells) else ""


def _of_json(text: TextIO) -> Iterator[Row]:
    text.seek(0)
    decoder = json.JSONDecoder()
    buffer = text.read(CHUNK)
    beginning = BEGINNING.match(buffer)
    if beginning is None:
        raise ManifestUnreadable('The list must begin with `[` or `{"items": [`.')
    place, number = beginning.end(), 0
    while True:
        place = BETWEEN.match(buffer, place).end()  # type: ignore[union-attr] - matches nothing, too
        if buffer[place : place + 1] == "]":
            return
        item = None
        if buffer[place : place + 1] == "{":
            try:
                item, place = decoder.raw_decode(buffer, place)
            except (ValueError, RecursionError):
                item = None
        if item is not None:
            number += 1
            yield _row(lambda item=item: item, key=str(item.get("key", "")))
            continue
        more = text.read(CHUNK)
        buffer, place = buffer[place:] + more, 0
        if not more or len(buffer) > LONGEST_ROW + CHUNK or buffer[:1] not in {"{", ""}:
            raise ManifestUnreadable(f"Item {number} is not a whole JSON object of at most {LONGEST_ROW} characters.")


def _row(given: Any, *, key: str) -> Row:
    try:
        about = describe.read(given())
    except Refused as refused:
        return Row(key, refused=refused)
    return Row(about.key, about=about)
