"""300-W `.pts` files."""

import io
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from projects.deliveries.formats import pts
from tests.formats.sample import HALF, HEADER, WHOLE, many, read_pts, written

FACES = Path(__file__).parents[2].parent / "shared" / "data" / "faces"
HOSTILE = [
    "../../etc/passwd",
    "..",
    "...",
    "/etc/shadow.",
    "C:\\windows\\system32\\cmd.exe",
    "..\\..\\x.png",
    'a";x.bat',
    "a\u202egnp.exe",
    "nul.png",
    "COM1",
    "-rf.png",
    "a\nb\r\x07c.png",
    "<img src=x>.png",
    "   ",
    "😀.png",
    "é" * 290 + ".png",
    "trailing. .png",
    "?q=1&name=*|.png",
]


def test_coordinates_count_from_one():
    text = written("pts", [WHOLE])["pts/anna.pts"]

    assert text.startswith(b"version: 1\nn_points:  5\n{\n31.000000 31.500000\n")
    assert text.endswith(b"}\n")
    assert read_pts(text) == [pytest.approx(point, abs=1e-6) for point in WHOLE.points]


def test_a_face_with_a_point_not_placed_is_left_out_and_the_reason_told():
    told = [(item.key, path, reason) for item, path, reason in pts.placed(HEADER, [WHOLE, HALF])]

    assert list(written("pts", [WHOLE, HALF])) == ["pts/anna.pts"]
    assert told[1] == ("set a/børn.png", "", "not placed: left_eye, nose")


def test_names_that_differ_only_in_folder_ending_or_case_stay_apart():
    keys = ["a.jpg", "a.png", "b/A.jpg", "a_2.jpg", "a~2.jpg"]
    items = [replace(WHOLE, number=number, key=key) for number, key in enumerate(keys, start=1)]

    paths = list(written("pts", items))

    assert paths == ["pts/a.pts", "pts/a~2.pts", "pts/A~3.pts", "pts/a_2.pts", "pts/a_2~5.pts"]
    assert len({path.casefold() for path in paths}) == len(keys)


@pytest.mark.parametrize("key", HOSTILE)
def test_no_key_leads_out_of_the_folder_or_confuses_a_file_system(key):
    stem = pts.safe_stem(key)

    assert stem.strip(".")
    assert not set(stem) & set('/\\:*?"<>|~ \n\r\t')
    assert stem.isprintable()
    assert not stem.startswith(("-", "."))
    assert stem.split(".")[0].lower() not in pts.RESERVED
    assert len(f"{stem}~1000000.pts".encode()) < 200


def test_a_thousand_items_are_single_files_and_more_are_one_archive():
    few = written("pts", many(3), replace(HEADER, items=1000))
    lots = written("pts", many(1001), replace(HEADER, items=1001))

    assert list(few) == [f"pts/face-{number:07}.pts" for number in (1, 2, 3)]
    assert list(lots) == ["pts.zip"]
    with zipfile.ZipFile(io.BytesIO(lots["pts.zip"])) as archive:
        assert archive.testzip() is None
        assert archive.namelist()[-1] == "pts/face-0001001.pts"
        assert archive.read("pts/face-0000001.pts") == few["pts/face-0000001.pts"]


@pytest.mark.parametrize("name", ["einstein", "takeo"])
def test_published_landmarks_come_out_as_they_went_in(name):
    original = FACES / f"{name}.pts"
    if not original.exists():
        pytest.skip("the shared face pictures are not here")
    lines = original.read_text().split()
    points = read_pts(original.read_bytes().replace(b"\r", b""))
    header = replace(HEADER, schema={"points": [{"key": f"p{number}"} for number in range(len(points))]})
    item = replace(WHOLE, key=f"{name}.jpg", points=points, visibility=[2] * len(points))

    text = written("pts", [item], header)[f"pts/{name}.pts"]

    assert text.decode().split() == lines
