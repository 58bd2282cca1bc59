"""What holds for each format; a new one needs golden files. REWRITE_GOLDEN=1 renews them: read the difference."""

import os
import tracemalloc
from dataclasses import replace

import pytest

from projects.deliveries.formats import FORMATS
from tests.formats.sample import GOLDEN, HEADER, ITEMS, WHOLE, written

COUNT = 600
each_format = pytest.mark.parametrize("form", FORMATS)


@each_format
def test_the_files_are_the_golden_ones(form):
    files = written(form)
    if os.environ.get("REWRITE_GOLDEN"):
        for path, content in files.items():
            (GOLDEN / path).parent.mkdir(parents=True, exist_ok=True)
            (GOLDEN / path).write_bytes(content)

    assert files
    for path, content in files.items():
        assert content == (GOLDEN / path).read_bytes(), path


@each_format
def test_twice_the_same_items_are_twice_the_same_bytes(form):
    assert written(form) == written(form, [replace(item) for item in ITEMS])


@each_format
def test_many_items_pass_through_little_memory(form):
    wide = replace(
        WHOLE,
        points=[[x / 7, x / 3] for x in range(68)],
        visibility=[2] * 68,
        covariance=[[x / 7, x / 3, x / 3, x / 11] for x in range(68)],
    )
    schema = {"name": "wide", "points": [{"key": f"p{number}"} for number in range(68)], "contours": []}
    items = (replace(wide, number=number, key=f"face-{number:07}.jpg") for number in range(1, COUNT + 1))
    total = 0
    tracemalloc.start()

    for _, pieces in FORMATS[form].write(replace(HEADER, items=COUNT, schema=schema), items):
        for piece in pieces:
            total += len(piece)

    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < total / 3


@each_format
def test_each_tells_its_reader_where_the_origin_is(form):
    assert "centre of the top-left pixel" in FORMATS[form].about.replace("\n", " ")
