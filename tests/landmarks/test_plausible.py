"""Mirror pairs are held against the reference shape."""

import pytest

from projects.landmarks.lint import lint_published
from projects.schemas import presets


@pytest.fixture
def face():
    return presets.load("ibug68")


def pairs_with(face, code):
    return [face["mirror"][int(p.pointer.split("/")[2])] for p in lint_published(face) if p.code == code]


def test_a_pair_the_other_way_round_is_found(face):
    place = face["mirror"].index(["right_eye_0", "left_eye_3"])
    face["mirror"][place].reverse()

    assert pairs_with(face, "mirror_order") == [["left_eye_3", "right_eye_0"]]


def test_two_partners_exchanged_within_an_eye_are_found(face):
    face["mirror"] = [
        {"right_eye_0": ["right_eye_0", "left_eye_2"], "right_eye_1": ["right_eye_1", "left_eye_3"]}.get(pair[0], pair)
        for pair in face["mirror"]
    ]

    assert pairs_with(face, "mirror_mismatch") == [["right_eye_0", "left_eye_2"], ["right_eye_1", "left_eye_3"]]


def test_a_left_eye_drawn_on_the_right_is_found(face):
    reference = face["reference"]
    for right, left in face["mirror"]:
        if right.startswith("right_eye"):
            reference[right], reference[left] = reference[left], reference[right]

    assert len(pairs_with(face, "mirror_order")) == 6


def test_all_pairs_turned_and_only_one_named_otherwise_is_found(face):
    eyes = [pair for pair in face["mirror"] if pair[0].startswith("right_eye")]
    for pair in eyes:
        pair.reverse()

    assert sorted(pairs_with(face, "mirror_order")) == sorted(eyes)


def test_a_forgotten_pair_is_found(face):
    face["mirror"].remove(["outline_0", "outline_16"])

    assert {p.code for p in lint_published(face)} == {"mirror_missing"}


def test_a_face_that_lies_on_its_side_is_as_good(face):
    face["reference"] = {key: [-y, x] for key, (x, y) in face["reference"].items()}

    assert lint_published(face) == []


def test_a_face_a_little_askew_is_good_enough(face):
    face["reference"] = {
        key: [x + 0.004 * (-1) ** i, y + 0.003 * (-1) ** (i // 2)]
        for i, (key, (x, y)) in enumerate(face["reference"].items())
    }

    assert lint_published(face) == []
