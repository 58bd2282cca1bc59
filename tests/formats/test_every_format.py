"""What holds for each format; a new one needs golden files. REWRITE_GOLDEN=1 renews them: read the difference."""

import os
import tracemalloc
from dataclasses import replace

import pytest

from projects.deliveries.formats import FORMATS
from tests.formats.sample import GOLDEN, HEADER, ITEMS, many, written

MOST_BYTES = 8 * 2**20  # of 10,000 items; a million must fit, too
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
def test_ten_thousand_items_pass_through_little_memory(form):
    count = 10_000
    tracemalloc.start()

    for _, pieces in FORMATS[form].write(replace(HEADER, items=count), many(count)):
        for _ in pieces:
            pass

    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < MOST_BYTES


@each_format
def test_each_tells_its_reader_where_the_origin_is(form):
    assert "centre of the top-left pixel" in FORMATS[form].about.replace("\n", " ")
