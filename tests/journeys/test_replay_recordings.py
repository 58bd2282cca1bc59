"""Recorded people answer once more through HTTP: a few of each source, and everything comes out as it went in."""

import json

import pytest

from tests.journeys.typed import DATA, run

pytestmark = pytest.mark.skipif(not DATA.exists(), reason="the recordings (../shared/data) are not here")


def figures(home, *words):
    code, printed, said = run(home, "replay", *words, "--json")
    assert code == 0, said
    assert said == ""
    (line,) = printed.splitlines()
    return json.loads(line)


def test_faces_by_three_workers_one_of_whom_left_one_out(embedded):
    told = figures(embedded.home, "lfpw", str(DATA / "lfpw" / "annotations.csv"), "--limit", "20")

    assert (told["assets"], told["people"], told["answers"], told["accepted"]) == (20, 3, 59, 20)
    assert told["skips"] <= 1  # by the third worker, at the face that two did
    assert told["raw_equal"]
    assert told["manifest_ok"]
    assert told["labels_whole"]
    assert told["submit_p50_ms"] > 0


def test_fish_that_different_people_did(embedded):
    told = figures(embedded.home, "fish", str(DATA / "fish" / "reliability.csv"), "--limit", "3", "--people", "6")

    assert (told["assets"], told["people"]) == (3, 6)
    assert told["raw_equal"]
    assert told["manifest_ok"]
    assert 0 < told["nme_consensus_gold"] < 0.05


def test_photographs_come_out_with_the_points_that_came_with_them(embedded, tmp_path):
    told = figures(embedded.home, "faces", str(DATA / "faces"), "--into", str(tmp_path))

    assert (told["assets"], told["answers"], told["accepted"]) == (13, 26, 13)
    assert told["pts_equal"]
    original = (DATA / "faces" / "einstein.pts").read_text().split()
    assert (tmp_path / "pts" / "einstein.pts").read_text().split() == original


def test_something_else_than_the_recording_is_refused(embedded, tmp_path):
    other = tmp_path / "other.csv"
    other.write_text("a,b\n1,2\n")

    code, printed, said = run(embedded.home, "replay", "lfpw", str(other), "--json")

    assert code == 1
    assert printed == ""
    assert "columns" in said
