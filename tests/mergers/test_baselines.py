"""The simple ways of merging that the benchmark sets beside the mergers."""

import numpy as np
import pytest

from tasks.consensus.mergers import MERGERS
from tasks.consensus.mergers.baselines import BASELINES
from tasks.consensus.mergers.crowd import Crowd
from tests.mergers.crowds import people


def one_image(points, **more) -> Crowd:
    answers = np.array(points, float)
    return Crowd(image=np.zeros(len(answers), int), annotator=np.arange(len(answers)), points=answers, **more)


@pytest.mark.parametrize("name", BASELINES)
def test_the_order_of_rows_does_not_change_a_bit(name):
    crowd, _ = people(images=12, per_image=4, gold=4)
    crowd.points[np.random.default_rng(4).random(crowd.points.shape[:2]) < 0.2] = np.nan
    order = np.random.default_rng(1).permutation(len(crowd.image))
    other = Crowd(
        image=crowd.image[order],
        annotator=crowd.annotator[order],
        points=crowd.points[order],
        gold_image=crowd.gold_image[::-1],
        gold_points=crowd.gold_points[::-1],
    )

    one, two = BASELINES[name](crowd), BASELINES[name](other)

    assert np.allclose(one, two, atol=1e-9, equal_nan=True)


@pytest.mark.parametrize("name", BASELINES)
def test_equal_answers_come_back_and_what_nobody_placed_stays_away(name):
    face = [[10.0, 20.0], [30.0, 45.0], [np.nan, np.nan]]

    merged = BASELINES[name](one_image([face, face, face]))

    assert np.allclose(merged[0], face, equal_nan=True)


@pytest.mark.parametrize("name", BASELINES)
def test_no_rows_at_all_give_no_images(name):
    nothing = Crowd(image=np.zeros(0, int), annotator=np.zeros(0, int), points=np.zeros((0, 5, 2)))

    assert BASELINES[name](nothing).shape == (0, 5, 2)


def test_nobody_can_choose_a_baseline_for_a_project():
    assert set(BASELINES).isdisjoint(MERGERS)
    assert not {type(merger) for merger in MERGERS.values()} & set(BASELINES.values())


def test_mean_and_median_of_each_coordinate():
    crowd = one_image([[[0, 9]], [[2, 0]], [[10, 3]], [[np.nan, np.nan]]])

    assert BASELINES["mean"](crowd)[0].tolist() == [[4, 4]]
    assert BASELINES["coordinate median"](crowd)[0].tolist() == [[2, 3]]


def test_medoids_are_one_of_the_answers():
    left, middle, right = [[0, 0], [40, 50]], [[3, 0], [43, 50]], [[7, 0], [47, 50]]
    crowd = one_image([left, right, middle])

    assert BASELINES["medoid"](crowd)[0].tolist() == middle
    assert BASELINES["OKS medoid"](crowd)[0].tolist() == middle


def test_whoever_is_near_to_gold_has_more_say():
    gold = np.array([[[0.0, 0.0], [100.0, 0.0]]])
    answers = [gold[0] + [1, 0], gold[0] + [10, 0], [[50, 50], [150, 50]], [[59, 50], [159, 50]]]
    crowd = Crowd(
        image=np.array([0, 0, 1, 1]),
        annotator=np.array([0, 1, 0, 1]),
        points=np.array(answers, float),
        gold_image=np.array([0]),
        gold_points=gold,
    )

    merged = BASELINES["gold-weighted mean"](crowd)

    assert 50 < merged[1, 0, 0] < 50.2


def test_clusters_take_the_crowd_and_leave_the_lonely():
    crowd = one_image([[[0, 0]], [[4, 0]], [[8, 0]], [[60, 0]]])

    assert np.allclose(BASELINES["DBSCAN eps 5 min 3"](crowd)[0], [[4, 0]])
    assert np.allclose(BASELINES["DBSCAN eps 10 min 2"](crowd)[0], [[4, 0]])
    assert np.isnan(BASELINES["DBSCAN eps 5 min 3"](one_image([[[0, 0]], [[4, 0]]]))).all()


def test_clusters_chain_through_cores_but_not_through_borders():
    chain = one_image([[[0, 0]], [[9, 0]], [[18, 0]], [[27, 0]]])
    border = one_image([[[0, 0]], [[1, 0]], [[5, 0]], [[9, 0]]])

    assert np.allclose(BASELINES["DBSCAN eps 10 min 2"](chain)[0], [[13.5, 0]])
    assert np.allclose(BASELINES["DBSCAN eps 5 min 3"](border)[0], [[3.75, 0]])
