"""Shapes as arrays, with gaps, and the length that gives them their size."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal

from projects.landmarks import mirror, visibility
from projects.landmarks.schema import LandmarkSchema
from projects.landmarks.shape import (
    as_points,
    as_shape,
    bounding_box,
    box_diagonal,
    normaliser_length,
    placed,
    reference_shape,
)
from projects.schemas import presets

numbers = st.floats(-1e6, 1e6)
points = st.lists(st.none() | st.tuples(numbers, numbers).map(list), max_size=8)


@given(points)
def test_points_come_back_exactly(given_points):
    assert as_points(as_shape(given_points)) == given_points


def test_half_a_point_is_not_placed():
    shape = as_shape([[1.0, None], [float("nan"), 2.0], [3.0, float("inf")], [5.0, 6.0]])

    assert np.isnan(shape[:3]).all()
    assert placed(shape).tolist() == [False, False, False, True]


def test_a_point_of_three_numbers_is_refused():
    with pytest.raises(ValueError, match="Point 1 has 3 numbers"):
        as_shape([[1, 2], [1, 2, 3]])


def test_boxes_leave_out_what_is_not_placed():
    shapes = np.array([[[1, 5], [4, 1], [np.nan, np.nan]], [[np.nan, np.nan]] * 3])

    assert_array_equal(bounding_box(shapes), [[1, 1, 4, 5], [np.nan] * 4])
    assert_array_equal(box_diagonal(shapes), [5, np.nan])


def test_the_normaliser_is_measured_where_its_points_are_placed(eyes_schema):
    assert normaliser_length(np.array([[10.0, 10], [40, 50], [0, 0]]), eyes_schema) == 50


def test_a_missing_normaliser_is_guessed_in_proportion_to_the_reference(ibug):
    shape = 200 * reference_shape(ibug)
    true_length = normaliser_length(shape, ibug)

    shape[36] = np.nan

    assert_allclose(normaliser_length(shape, ibug), true_length)


def test_a_shape_of_one_point_or_none_has_no_length(eyes_schema):
    shapes = np.full((2, 3, 2), np.nan)
    shapes[1, 2] = 7, 7

    assert np.isnan(normaliser_length(shapes, eyes_schema)).all()


def test_a_draft_without_normaliser_is_measured_by_its_box():
    draft = LandmarkSchema.from_dict({"name": "d", "points": [{"key": "a"}, {"key": "b"}]})

    assert normaliser_length(np.array([[0.0, 0], [3, 4]]), draft) == 5


def test_coordinates_and_visibility_must_agree():
    shape = np.array([[1.0, 1], [np.nan, np.nan], [1, 1], [np.nan, np.nan], [1, 1]])

    assert visibility.inconsistent(shape, [2, 0, 0, 1, 3]).tolist() == [False, False, True, True, True]
    assert not visibility.inconsistent(shape, visibility.presumed(shape)).any()


@pytest.mark.parametrize("name", presets.PRESETS)
def test_mirroring_twice_changes_nothing(name):
    schema = LandmarkSchema.from_dict(presets.load(name))
    shape = 100 * reference_shape(schema)

    assert_allclose(mirror.mirrored(mirror.mirrored(shape, schema, width=640), schema, width=640), shape)


@pytest.mark.parametrize("name", ["ibug68", "wflw98", "lfpw35", "face5"])
def test_a_frontal_face_is_its_own_mirror_image(name):
    schema = LandmarkSchema.from_dict(presets.load(name))
    shape = 100 * reference_shape(schema)

    assert_allclose(mirror.mirrored(shape, schema, width=101), shape, atol=0.02)


def test_the_first_column_of_pixels_becomes_the_last(eyes_schema):
    shape = np.array([[0.0, 3], [9, 3], [4, 5]])

    assert_array_equal(mirror.mirrored(shape, eyes_schema, width=10), [[0, 3], [9, 3], [5, 5]])
