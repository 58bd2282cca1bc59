"""JSON Lines."""

from dataclasses import asdict

from tests.formats.sample import HALF, ITEMS, WHOLE, read_jsonl, written


def test_every_float_comes_back_to_the_last_bit():
    rows = read_jsonl(written("jsonl")["labels.jsonl"])

    assert [row["points"] for row in rows] == [item.points for item in ITEMS]
    assert rows[0]["covariance"] == WHOLE.covariance


def test_a_line_tells_everything_about_an_item():
    row = read_jsonl(written("jsonl", [WHOLE])["labels.jsonl"])[0]

    known = asdict(WHOLE) | {"url": None}
    del known["number"]
    assert row == known


def test_what_is_not_known_is_null():
    row = read_jsonl(written("jsonl", [HALF])["labels.jsonl"])[0]

    assert row["points"][0] is None
    assert [row[name] for name in ("sha256", "width", "covariance", "agreement", "subject_id", "frame")] == [None] * 6


def test_a_line_break_in_the_clients_metadata_does_not_break_the_line():
    odd = WHOLE.__class__(**asdict(WHOLE) | {"metadata": {"note": "a\nb\u2028c"}})

    assert written("jsonl", [odd])["labels.jsonl"].count(b"\n") == 1
