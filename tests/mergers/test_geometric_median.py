"""The geometric median's worked examples."""

import numpy as np
import pytest

from tasks.consensus.mergers.answers import Answers
from tasks.consensus.mergers.geometric_median import GeometricMedian


def merge(*answers, **facts):
    return GeometricMedian().merge(Answers(points=np.array(answers, float).reshape(len(answers), -1, 2), **facts))


def test_two_answers_give_their_midpoint():
    assert merge((0, 0), (3, 5)).points.tolist() == [[1.5, 2.5]]


def test_the_middle_of_three_on_a_line_is_the_median_exactly():
    assert merge((0, 0), (100, 100), (1, 1)).points.tolist() == [[1, 1]]


def test_an_equilateral_triangle_gives_its_centre():
    corners = [(np.cos(a), np.sin(a)) for a in (0, 2 * np.pi / 3, 4 * np.pi / 3)]

    assert np.allclose(merge(*corners).points, 0, atol=1e-12)


def test_a_corner_of_more_than_120_degrees_is_the_median_itself():
    assert merge((-10, 1), (0, 0), (10, 1)).points.tolist() == [[0, 0]]


def test_a_single_answer_is_as_sure_as_the_tolerance_says():
    merged = merge((10, 10), tolerance=np.array([6.0]))

    assert np.allclose(merged.covariance, 9 * np.eye(2))


def test_answers_that_agree_are_surer_than_answers_that_do_not():
    near = merge((10, 10), (11, 10), (10, 11), tolerance=np.array([6.0]))
    far = merge((10, 10), (31, 10), (10, 31), tolerance=np.array([6.0]))

    assert np.trace(near.covariance[0]) < 9 < np.trace(far.covariance[0])


def test_a_point_is_visible_only_if_more_than_half_of_all_answers_say_so():
    codes = np.array([[2, 2, 1, 0, 2], [2, 1, 1, 0, 0]], np.int8)

    merged = GeometricMedian().merge(Answers(points=np.ones((2, 5, 2)), visibility=codes))

    assert merged.visibility.tolist() == [2, 1, 1, 0, 1]
    assert np.isnan(merged.points[3]).all()


@pytest.mark.parametrize(
    ("points", "words"),
    [
        (np.ones((0, 3, 2)), "at least one answer"),
        (np.ones((2, 3)), "axis of x and y"),
        (np.full((1, 1, 2), np.inf), "infinite"),
        (np.array([[[1, np.nan]]]), "only one of its two"),
    ],
)
def test_answers_that_make_no_sense_are_refused(points, words):
    with pytest.raises(ValueError, match=words):
        Answers(points=points)


@pytest.mark.parametrize("apart", [4.0, 8.0, 20.0, 80.0])
def test_two_answers_that_disagree_are_not_sure(apart):
    """Of two answers neither can be called the outlier, so their whole distance counts, however far they are apart."""
    points = np.array([[[30.0, 30.0], [70.0, 30.0], [50.0, 50.0]]] * 2)
    points[1, 2, 0] += apart

    merged = GeometricMedian().merge(Answers(points=points, tolerance=np.full(3, 2.0)))

    error = 0.886 * np.sqrt(np.trace(merged.covariance[2]))  # expected, px
    assert error > apart / 8
    assert error < apart
