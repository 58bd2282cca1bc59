"""Merging one image at once with what the crowd has taught."""

import time

import numpy as np
import pytest

from tasks.consensus.mergers import streaming
from tasks.consensus.mergers.answers import Answers
from tasks.consensus.mergers.choose import Choice
from tasks.consensus.mergers.components import FULL, MEDIAN
from tasks.consensus.mergers.reliability import Reliability
from tests.mergers.crowds import MIRROR, people

EVERYTHING = Choice(FULL, None)


@pytest.fixture(scope="module")
def world():
    crowd, truth = people(images=120, annotators=10, gold=12)
    return crowd, truth, streaming.learn(crowd, EVERYTHING)


def answers_to(crowd, image) -> Answers:
    rows = np.flatnonzero(crowd.image == image)
    return Answers(points=crowd.points[rows], annotators=tuple(str(a) for a in crowd.annotator[rows]))


def test_it_is_as_near_to_the_truth_as_a_refit(world):
    crowd, truth, learnt = world
    batch = Reliability(choice=EVERYTHING).merge_all(crowd)

    at_once = np.stack([Reliability(learnt=learnt).merge(answers_to(crowd, i)).points for i in range(120)])

    refit = np.linalg.norm(batch.points[:120] - truth[:120], axis=-1).mean()
    assert np.linalg.norm(at_once - truth[:120], axis=-1).mean() < 1.07 * refit


def test_the_order_of_the_answers_does_not_change_a_bit(world):
    crowd, _, learnt = world
    answers = answers_to(crowd, 7)
    turned = Answers(points=answers.points[::-1], annotators=answers.annotators[::-1])

    one, other = (Reliability(learnt=learnt).merge(a) for a in (answers, turned))

    assert np.array_equal(one.points, other.points)
    assert np.array_equal(one.weights, other.weights[::-1])


def test_a_swapped_answer_is_flagged_and_put_right(world):
    crowd, truth, learnt = world
    answers = answers_to(crowd, 9)
    spoilt = answers.points.copy()
    spoilt[1] = spoilt[1][MIRROR]

    merged = Reliability(learnt=learnt).merge(Answers(points=spoilt, annotators=answers.annotators))

    assert merged.flags.tolist() == [0, 5, 0]
    assert np.linalg.norm(merged.points - truth[9], axis=-1).mean() < 6


def test_people_never_seen_before_are_taken_for_usual(world):
    crowd, _, learnt = world

    merged = Reliability(learnt=learnt).merge(Answers(points=answers_to(crowd, 3).points, annotators=("x", "y", "z")))

    assert np.isfinite(merged.points).all()
    assert merged.weights.sum() == pytest.approx(1)


def test_a_single_answer_comes_back_as_it_is(world):
    crowd, _, learnt = world
    one = answers_to(crowd, 3).points[:1]

    assert np.array_equal(Reliability(learnt=learnt).merge(Answers(points=one)).points, one[0])


def test_points_that_nobody_placed_stay_nowhere(world):
    crowd, _, learnt = world
    points = answers_to(crowd, 3).points
    points[:, 4] = np.nan

    merged = Reliability(learnt=learnt).merge(Answers(points=points))

    assert np.flatnonzero(np.isnan(merged.points[:, 0])).tolist() == [4]


def test_nothing_is_learnt_where_the_geometric_median_did_better(world):
    assert streaming.learn(world[0], Choice(MEDIAN, None)) is None


def test_it_takes_a_few_milliseconds(world):
    crowd, _, learnt = world
    merger, answers = Reliability(learnt=learnt), answers_to(crowd, 5)

    began = time.process_time()
    for _ in range(20):
        merger.merge(answers)

    assert (time.process_time() - began) / 20 < 0.05  # seconds; generous, for a machine with much else to do
