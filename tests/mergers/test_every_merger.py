"""What anybody may expect of any merger: run over every entry of MERGERS."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tasks.consensus.mergers import MERGERS
from tasks.consensus.mergers.answers import Answers
from tests.mergers.crowds import face, people

pytestmark = pytest.mark.parametrize("name", sorted(MERGERS))
few = settings(max_examples=25, deadline=None, derandomize=True)
seeds = st.integers(0, 2**32 - 1)
numbers = st.integers(1, 7)


def answers(seed, count, noise=4.0, missing=0.1) -> np.ndarray:
    rng = np.random.default_rng(seed)
    points = 200 + face() + rng.normal(0, noise, (count, *face().shape))
    points[rng.random(points.shape[:2]) < missing] = np.nan
    return points


@few
@given(seed=seeds, count=numbers)
def test_the_order_of_the_answers_does_not_change_a_bit(name, seed, count):
    points = answers(seed, count)
    people_ = tuple("abcdefg"[:count])
    shuffled = np.random.default_rng(seed).permutation(count)

    one = MERGERS[name]().merge(Answers(points=points, annotators=people_))
    other = MERGERS[name]().merge(Answers(points=points[shuffled], annotators=tuple(people_[i] for i in shuffled)))

    assert np.array_equal(one.points, other.points, equal_nan=True)
    assert np.array_equal(one.covariance, other.covariance, equal_nan=True)
    assert np.array_equal(one.weights[shuffled], other.weights)
    assert np.array_equal(one.residuals[shuffled], other.residuals, equal_nan=True)


@few
@given(
    seed=seeds,
    count=numbers,
    size=st.floats(0.2, 5),
    turn=st.floats(-3, 3),
    far=st.floats(-500, 500),
)
def test_shift_rotation_and_scale_carry_over(name, seed, count, size, turn, far):
    points = answers(seed, count)
    matrix = size * np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])

    plain = MERGERS[name]().merge(Answers(points=points))
    moved = MERGERS[name]().merge(Answers(points=points @ matrix.T + far))

    assert np.allclose(plain.points @ matrix.T + far, moved.points, atol=1e-4 * size, equal_nan=True)


@few
@given(seed=seeds, count=numbers)
def test_identical_answers_come_back_exactly(name, seed, count):
    one = answers(seed, 1)

    merged = MERGERS[name]().merge(Answers(points=np.repeat(one, count, axis=0)))

    assert np.array_equal(merged.points, one[0], equal_nan=True)
    assert np.array_equal(merged.points_data_only, one[0], equal_nan=True)


@few
@given(seed=seeds, far=st.floats(50, 5000))
def test_one_wild_answer_in_five_moves_it_by_less_than_a_pixel(name, seed, far):
    points = answers(seed, 5, noise=0.7, missing=0.0)
    wild = points.copy()
    wild[2] += far * np.array([0.8, -0.6])

    calm = MERGERS[name]().merge(Answers(points=points))
    shaken = MERGERS[name]().merge(Answers(points=wild))

    assert np.linalg.norm(calm.points - shaken.points, axis=-1).mean() < 1
    assert shaken.weights[2] < 0.1


@few
@given(seed=seeds, count=numbers)
def test_a_point_that_nobody_placed_is_not_invented_and_one_that_somebody_placed_is_not_lost(name, seed, count):
    points = answers(seed, count, missing=0.4)
    nowhere = np.isnan(points[..., 0]).all(axis=0)

    merged = MERGERS[name]().merge(Answers(points=points))

    assert np.array_equal(np.isnan(merged.points[..., 0]), nowhere)
    assert np.array_equal(np.isnan(merged.covariance).all(axis=(1, 2)), nowhere)
    assert np.array_equal(merged.visibility == 0, nowhere)


@few
@given(seed=seeds, count=numbers)
def test_the_covariance_is_one_and_is_never_nothing(name, seed, count):
    merged = MERGERS[name]().merge(Answers(points=answers(seed, count, missing=0.0)))

    assert np.allclose(merged.covariance, np.swapaxes(merged.covariance, 1, 2))
    assert (np.linalg.eigvalsh(merged.covariance) > 0.01).all()


def test_no_answer_placing_anything_gives_nothing_but_does_not_fail(name):
    merged = MERGERS[name]().merge(Answers(points=np.full((2, 5, 2), np.nan)))

    assert np.isnan(merged.points).all()
    assert (merged.flags == 4).all()


def test_it_is_nearer_to_the_truth_than_the_average_annotator(name):
    crowd, truth = people(careless=1)

    merged = MERGERS[name]().merge_all(crowd)

    free = ~np.isin(merged.image, crowd.gold_image)
    own = np.linalg.norm(crowd.points - truth[crowd.image], axis=-1)
    assert np.linalg.norm(merged.points - truth, axis=-1)[free].mean() < 0.85 * own.mean()
    assert np.argmax(merged.annotator_error) == 0


def test_the_order_of_rows_and_the_numbers_of_people_and_images_do_not_matter(name):
    crowd, _ = people(images=30, gold=5)
    order = np.random.default_rng(1).permutation(len(crowd.image))
    names = np.random.default_rng(2).permutation(100)

    one = MERGERS[name]().merge_all(crowd)
    other = MERGERS[name]().merge_all(
        type(crowd)(
            image=crowd.image[order],
            annotator=names[crowd.annotator[order]],
            points=crowd.points[order],
            gold_image=crowd.gold_image,
            gold_points=crowd.gold_points,
            mirror=crowd.mirror,
            group=crowd.group,
            contours=crowd.contours,
        )
    )

    assert np.allclose(one.points, other.points, atol=1e-9)
    assert np.array_equal(one.flag[order], other.flag)
    assert np.allclose(
        one.annotator_error,
        other.annotator_error[np.searchsorted(other.annotator, names[one.annotator])],
    )


def test_one_answer_an_image_is_merged_too(name):
    crowd, _ = people(images=10, per_image=1, gold=0)

    merged = MERGERS[name]().merge_all(crowd)

    assert np.isfinite(merged.points).all()
    assert np.isfinite(merged.covariance).all()


def test_no_rows_at_all_give_no_images(name):
    crowd, _ = people(images=4, gold=0)
    empty = type(crowd)(image=crowd.image[:0], annotator=crowd.annotator[:0], points=crowd.points[:0])

    assert MERGERS[name]().merge_all(empty).points.shape == (0, 17, 2)
