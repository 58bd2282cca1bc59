"""Distances, agreement, pose and figures over two or many shapes."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal

from projects.landmarks import contour, pose
from projects.landmarks.distance import nme, normalised_errors, point_errors
from projects.landmarks.measures import mean_per_point, mean_per_region, summarise
from projects.landmarks.schema import LandmarkSchema
from projects.landmarks.shape import normaliser_length, reference_shape
from projects.landmarks.similarity import agreement, keypoint_similarity, tolerances

NOT_PLACED = [np.nan, np.nan]


@pytest.fixture
def line() -> LandmarkSchema:
    keys = ["a", "b", "c", "d"]
    contours = [{"key": "line", "points": ["a", "b", "c"]}]
    return LandmarkSchema.from_dict({"name": "line", "points": [{"key": k} for k in keys], "contours": contours})


def test_an_error_is_a_share_of_the_normaliser(eyes_schema):
    truth = np.array([[0.0, 0], [100, 0], [50, 75]])
    answer = np.array([[3.0, 4], [100, 0], NOT_PLACED])

    assert_array_equal(point_errors(truth, answer), [5, 0, np.nan])
    assert_array_equal(normalised_errors(truth, answer, eyes_schema), [0.05, 0, np.nan])
    assert nme(truth, answer, eyes_schema) == 0.025


def test_nothing_in_common_has_no_error(eyes_schema):
    truth = np.array([[0.0, 0], [100, 0], NOT_PLACED])

    assert np.isnan(nme(truth, np.full((3, 2), np.nan), eyes_schema))


def test_one_tolerance_off_counts_a_known_share(eyes_schema):
    truth = np.array([[0.0, 0], [100, 0], [50, 75]])

    similarity = keypoint_similarity(truth, truth + np.array([6, 8]), tolerances(eyes_schema), 100.0)

    assert_allclose(similarity, math.exp(-0.5))


def test_agreement_runs_from_none_to_full(ibug):
    face = 200 * reference_shape(ibug)
    elsewhere = face + np.arange(4)[:, None, None] * 1000

    assert agreement(np.stack([face] * 4), ibug) == 1
    assert agreement(elsewhere, ibug) < 1e-6


def test_agreement_needs_two_answers_with_a_point_in_common(eyes_schema):
    first = np.array([[0.0, 0], [100, 0], NOT_PLACED])
    second = np.array([NOT_PLACED, NOT_PLACED, [50.0, 75]])

    assert math.isnan(agreement(first[None], eyes_schema))
    assert math.isnan(agreement(np.empty((0, 3, 2)), eyes_schema))
    assert math.isnan(agreement(np.stack([first, second]), eyes_schema))
    assert math.isnan(agreement(np.full((3, 3, 2), np.nan), eyes_schema))


@given(
    seed=st.integers(0, 2**32 - 1),
    turn=st.floats(-3, 3),
    scale=st.floats(0.1, 50),
    noise=st.floats(0, 0.1),
)
def test_agreement_knows_neither_order_nor_pose(seed, turn, scale, noise):
    schema = LandmarkSchema.from_dict(TRIO)
    rng = np.random.default_rng(seed)
    answers = reference_shape(schema) + rng.normal(0, noise, (4, 3, 2))
    moved = pose.Similarity(scale * complex(math.cos(turn), math.sin(turn)), 30 - 7j).apply(answers)

    found = agreement(answers, schema)

    assert 0 <= found <= 1
    assert_allclose(agreement(answers[rng.permutation(4)], schema), found, rtol=1e-9)
    assert_allclose(agreement(moved, schema), found, rtol=1e-6, atol=1e-12)


TRIO = {
    "name": "trio",
    "points": [{"key": key, "tolerance": 0.05} for key in "abc"],
    "normaliser": {"kind": "distance", "a": ["a"], "b": ["b"]},
    "reference": {"a": [0.0, 0.0], "b": [1.0, 0.0], "c": [0.5, 1.0]},
}


def test_a_draft_without_tolerances_cannot_be_judged(line):
    with pytest.raises(ValueError, match="'a' has no tolerance"):
        tolerances(line)


@given(turn=st.floats(-3.1, 3.1), scale=st.floats(0.01, 1000), x=st.floats(-1e4, 1e4), y=st.floats(-1e4, 1e4))
def test_a_moved_shape_gives_its_motion_away(turn, scale, x, y):
    shape = np.array([[0.0, 0], [1, 0], [0.5, 2], NOT_PLACED])
    motion = pose.Similarity(scale * complex(math.cos(turn), math.sin(turn)), complex(x, y))
    target = motion.apply(shape)

    found = pose.fit(shape, target)

    assert_allclose([found.scale, found.angle], [scale, turn], rtol=1e-6, atol=1e-6)
    assert_allclose(found.inverse().apply(target), shape, atol=1e-6)


def test_a_mirror_image_is_not_met_by_reflection():
    shape = np.array([[0.0, 0], [1, 0], [0.2, 1]])

    met = pose.fit(shape, shape * [-1, 1]).apply(shape)

    assert np.abs(met - shape * [-1, 1]).max() > 0.1


def test_two_anchors_lay_the_whole_reference_over_a_face(ibug):
    face = np.full((68, 2), np.nan)
    face[[36, 45]] = [[200, 300], [300, 300]]

    template = pose.fitted_reference(face, ibug)

    assert_allclose(template[[36, 45]], face[[36, 45]], atol=1e-9)
    assert template[8, 1] > template[57, 1] > template[33, 1] > 300


@pytest.mark.parametrize("target", [[[1.0, 1], NOT_PLACED], [NOT_PLACED, NOT_PLACED]])
def test_one_anchor_is_too_few(target):
    with pytest.raises(ValueError, match="At least two"):
        pose.fit(np.array([[0.0, 0], [1, 1]]), np.array(target))


def test_anchors_in_one_place_are_too_few():
    with pytest.raises(ValueError, match="At least two"):
        pose.fit(np.array([[5.0, 5], [5, 5]]), np.array([[1.0, 1], [2, 2]]))


def test_sliding_along_a_contour_is_no_error_across_it(line):
    truth = np.array([[0.0, 0], [10, 0], [20, 0], [50, 50]])
    answer = truth + np.array([[4, 0], [4, 3], [0, -2], [3, 4]])

    assert_allclose(contour.errors_across(truth, answer, line), [0, 3, 2, 5])


def test_a_gap_in_a_contour_leaves_its_neighbours_a_direction(line):
    truth = np.array([[0.0, 0], [10, 0], NOT_PLACED, [50, 50]])

    assert_allclose(contour.errors_across(truth, truth + np.array([1, 2]), line), [2, 2, np.nan, math.sqrt(5)])


def test_a_closed_contour_has_a_direction_everywhere():
    square = np.array([[0.0, 0], [1, 0], [1, 1], [0, 1]])

    along = contour.tangents(square, closed=True)

    assert_allclose(along, np.array([[1, -1], [1, 1], [-1, 1], [-1, -1]]) / math.sqrt(2))


def test_figures_over_many_shapes():
    summary = summarise(np.array([0.02, 0.04, 0.06, 0.20, np.nan]))

    assert summary.shapes == 4
    assert_allclose([summary.mean, summary.median, summary.failures], [0.08, 0.05, 0.25])
    assert_allclose(summary.area, (0.8 + 0.6 + 0.4 + 0) / 4)


def test_no_shape_gives_no_figures():
    summary = summarise(np.array([np.nan]))

    assert summary.shapes == 0
    assert math.isnan(summary.mean)


def test_errors_are_told_per_point_and_per_region(eyes_schema):
    errors = np.array([[0.1, 0.3, np.nan], [0.3, np.nan, np.nan]])

    assert_allclose(mean_per_point(errors), [0.2, 0.3, np.nan])
    assert_allclose(list(mean_per_region(errors, eyes_schema).values()), [0.7 / 3, np.nan])


def test_measures_take_many_shapes_at_once(ibug):
    rng = np.random.default_rng(7)
    truth = 200 * reference_shape(ibug) + rng.normal(0, 1, (5, 68, 2))
    answer = truth + rng.normal(0, 2, truth.shape)

    assert_allclose(nme(truth, answer, ibug), [nme(a, b, ibug) for a, b in zip(truth, answer, strict=True)])
    assert_allclose(normaliser_length(truth, ibug), [normaliser_length(a, ibug) for a in truth])
    across = contour.errors_across(truth, answer, ibug)
    assert_allclose(across, [contour.errors_across(a, b, ibug) for a, b in zip(truth, answer, strict=True)])
    assert (across <= point_errors(truth, answer) + 1e-9).all()
