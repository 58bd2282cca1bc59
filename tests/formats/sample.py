"""A small release that has one of everything that is awkward, and readers as a buyer would write them."""

import json
import math
from dataclasses import replace
from pathlib import Path

from projects.deliveries.formats import FORMATS
from projects.deliveries.formats.frozen import FrozenItem, Header
from projects.schemas import presets

GOLDEN = Path(__file__).parent / "golden"
SCHEMA = presets.load("face5") | {
    "name": "Face, 5 points",
    "contours": [
        {"key": "eyes", "name": "Eyes", "points": ["left_eye", "right_eye"], "closed": False},
        {"key": "beak", "name": "Beak", "points": ["nose", "left_mouth", "right_mouth"], "closed": True},
    ],
}
HEADER = Header(
    release="0198c0de-0000-7000-8000-000000000001",
    version=3,
    name="third",
    project="faces",
    project_id="0198c0de-0000-7000-8000-000000000002",
    client="Optics Ltd",
    frozen_at="2026-05-04T03:02:01+00:00",
    items=3,
    software="canthus 0.1.0",
    schema=SCHEMA,
)
PROVENANCE = {"method": "median", "method_version": "1", "label_version": 1, "checked_layers": 1, "corrected": False}
WHOLE = FrozenItem(
    number=1,
    key="set a/anna.jpg",
    sha256="ab" * 32,
    url="",
    width=100,
    height=80,
    subject_id="s-1",
    sequence="clip",
    frame=7,
    metadata={"light": "dim", "angle": 0.1},
    points=[[30.0, 30.5], [70.1, 30.000000000000004], [50.0, math.pi], [-0.5, 70.0], [65.0, 1e-7]],
    visibility=[2, 2, 1, 2, 2],
    covariance=[[1.0, 0.25, 0.25, 2.0], None, [0.1, 0.0, 0.0, 0.1], [0.5, 0.0, 0.0, 0.5], [4.0, -1.0, -1.0, 3.0]],
    answers=3,
    agreement=0.9375,
    provenance=PROVENANCE,
)
HALF = replace(
    WHOLE,
    number=2,
    key="set a/børn.png",
    sha256=None,
    url="https://example.org/b.png",
    width=None,
    height=None,
    subject_id="",
    sequence="",
    frame=None,
    metadata={},
    points=[None, [70.0, 30.0], None, [35.0, 70.0], [65.0, 70.0]],
    visibility=[0, 2, 0, 2, 1],
    covariance=None,
    answers=1,
    agreement=None,
)
TWIN = replace(WHOLE, number=3, key="set b/Anna.png")
ITEMS = [WHOLE, HALF, TWIN]


def written(form, items=None, header=HEADER):
    """Each path with its bytes, as a format writes them."""
    pieces = FORMATS[form].write(header, iter(ITEMS if items is None else items))
    return {path: b"".join(content) for path, content in pieces}


def many(count):
    """Items made one by one, so that only their readers can hold on to them."""
    return (replace(WHOLE, number=number, key=f"face-{number:07}.jpg") for number in range(1, count + 1))


def read_coco(document):
    """{file name: (points, visibility)} in our convention."""
    data = json.loads(document)
    names = {image["id"]: image["file_name"] for image in data["images"]}
    found = {}
    for annotation in data["annotations"]:
        flat = annotation["keypoints"]
        rows = [flat[start : start + 3] for start in range(0, len(flat), 3)]
        found[names[annotation["image_id"]]] = ([row[:2] if row[2] else None for row in rows], [row[2] for row in rows])
    return found


def read_pts(text):
    """Points in our convention, of a 300-W file."""
    lines = text.decode("ascii").split("\n")
    assert lines[0] == "version: 1"
    count = int(lines[1].removeprefix("n_points:"))
    assert lines[2] == "{"
    assert lines[3 + count] == "}"
    return [[float(number) - 1 for number in line.split()] for line in lines[3 : 3 + count]]


def read_jsonl(text):
    return [json.loads(line) for line in text.decode().splitlines()]
