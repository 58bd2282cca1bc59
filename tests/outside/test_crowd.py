"""Simulated people err as they are made to, and the reviewer tells good from bad."""

import numpy as np
import pytest

from orchestrator.outside.crowd import CREW, Reviewer, eye_distance
from orchestrator.outside.faces.draw import portraits

RITA = Reviewer(name="rita")


@pytest.fixture(scope="module")
def faces():
    return list(portraits(8))


def error(answer, face):
    return np.hypot(*(np.array(answer.points) - face.points).T).mean() / eye_distance(face.points)


def test_the_careful_are_near_and_the_careless_far(faces):
    by_name = {
        person.name: np.mean(
            [error(person.answer(face.points, face.visibility, key=face.name), face) for face in faces]
        )
        for person in CREW
    }

    assert by_name["ann"] < 0.02
    assert by_name["gus"] > 0.06
    assert max(by_name, key=by_name.get) == "gus"


def test_a_person_says_the_same_when_asked_again(faces):
    ann, face = CREW[0], faces[0]

    assert ann.answer(face.points, face.visibility, key="a") == ann.answer(face.points, face.visibility, key="a")
    assert ann.answer(face.points, face.visibility, key="a") != ann.answer(face.points, face.visibility, key="b")


def test_hidden_points_are_marked_by_who_looks(faces):
    masked = next(face for face in faces if face.look.occluder == "mask")

    ann = CREW[0].answer(masked.points, masked.visibility, key=masked.name)

    assert ann.visibility.count(1) > 0.8 * masked.visibility.count(1)


def test_the_truth_is_accepted(faces):
    for face in faces:
        assert RITA.look(face.points, face.visibility, face.points.tolist(), key=face.name).verdict == "accept"


def test_one_point_far_off_is_put_right(faces):
    face = faces[0]
    merged = face.points.copy()
    merged[30] += 0.4 * eye_distance(face.points)

    seen = RITA.look(face.points, face.visibility, merged.tolist(), key=face.name)

    assert seen.verdict == "correct"
    assert np.abs(np.array(seen.points[30]) - face.points[30]).max() < 0.05 * eye_distance(face.points)
    assert seen.points[0] == pytest.approx(merged[0], abs=0.01)


def test_a_wild_face_is_sent_back_once(faces):
    face = faces[0]
    merged = (face.points + 0.3 * eye_distance(face.points)).tolist()

    assert RITA.look(face.points, face.visibility, merged, key=face.name).verdict == "redo"
    assert RITA.look(face.points, face.visibility, merged, key=face.name, may_redo=False).verdict == "correct"


def test_missing_points_are_placed(faces):
    face = faces[0]

    seen = RITA.look(face.points, face.visibility, [None] * 68, key=face.name)

    assert seen.verdict == "correct"
    assert np.abs(np.array(seen.points) - face.points).max() < 0.1 * eye_distance(face.points)
