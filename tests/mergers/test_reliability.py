"""What the merger that knows people does beyond what any merger must."""

from dataclasses import replace

import numpy as np
import pytest

from tasks.consensus.mergers.choose import Choice, choose
from tasks.consensus.mergers.components import FULL, Component
from tasks.consensus.mergers.geometric_median import GeometricMedian
from tasks.consensus.mergers.reliability import Reliability
from tests.mergers.crowds import MIRROR, people

EVERYTHING = Choice(FULL, None)


@pytest.fixture(scope="module")
def crowd_and_truth():
    return people(images=120, annotators=10, gold=12)


@pytest.fixture(scope="module")
def chosen(crowd_and_truth):
    return choose(crowd_and_truth[0])


def ordinary_error(merged, crowd, truth) -> float:
    free = ~np.isin(merged.image, crowd.gold_image)
    return np.linalg.norm(merged.points - truth, axis=-1)[free].mean()


def with_points(crowd, points):
    return replace(crowd, points=points)


def test_it_is_nearer_to_the_truth_than_the_geometric_median(crowd_and_truth):
    crowd, truth = crowd_and_truth

    model = Reliability(choice=EVERYTHING).merge_all(crowd)

    assert ordinary_error(model, crowd, truth) < 0.85 * ordinary_error(GeometricMedian().merge_all(crowd), crowd, truth)


def test_answers_with_left_and_right_swapped_are_found_and_put_right(crowd_and_truth):
    crowd, truth = crowd_and_truth
    spoilt = crowd.points.copy()
    spoilt[::10] = spoilt[::10][:, MIRROR]

    merged = Reliability(choice=EVERYTHING).merge_all(with_points(crowd, spoilt))

    assert (merged.flag[::10] == 5).mean() > 0.99
    assert (np.delete(merged.flag, np.s_[::10]) != 5).all()
    plain = Reliability(choice=EVERYTHING).merge_all(crowd)
    assert ordinary_error(merged, crowd, truth) < 1.05 * ordinary_error(plain, crowd, truth)


def test_answers_left_at_the_template_are_found(crowd_and_truth):
    crowd, _ = crowd_and_truth
    rng = np.random.default_rng(3)
    template = rng.normal(300, 90, (crowd.image.max() + 1, 17, 2))
    spoilt = crowd.points.copy()
    spoilt[::20, :9] = template[crowd.image[::20], :9]

    merged = Reliability(choice=EVERYTHING).merge_all(replace(crowd, points=spoilt, template=template))

    assert (merged.flag[::20] == 3).all()
    assert (np.delete(merged.flag, np.s_[::20]) != 3).all()


def test_a_copied_answer_is_found_in_the_later_row(crowd_and_truth):
    crowd, _ = crowd_and_truth
    spoilt = crowd.points.copy()
    last = np.flatnonzero(np.diff(crowd.image, append=-1))[:100:9]
    spoilt[last] = spoilt[last - 1] + np.random.default_rng(4).normal(0, 0.2, spoilt[last].shape)

    merged = Reliability(choice=EVERYTHING).merge_all(with_points(crowd, spoilt))

    assert set(np.flatnonzero(merged.flag == 7)) == set(last)


def test_a_jaw_shifted_by_one_is_found_and_put_right(crowd_and_truth):
    crowd, _ = crowd_and_truth
    spoilt = crowd.points.copy()
    spoilt[::15, 0:6] = crowd.points[::15, 1:7]
    spoilt[::15, 6] += 30

    merged = Reliability(choice=EVERYTHING).merge_all(with_points(crowd, spoilt))

    assert (merged.flag[::15] == 6).mean() > 0.85
    assert (np.delete(merged.flag, np.s_[::15]) == 6).mean() < 0.01


def test_a_bias_that_all_share_is_taken_out_by_gold(crowd_and_truth):
    crowd, truth = crowd_and_truth
    shift = np.zeros((17, 2))
    shift[7:10, 1] = -6.0
    biased = with_points(crowd, crowd.points + shift)

    merged = Reliability(choice=EVERYTHING).merge_all(biased)

    free = ~np.isin(merged.image, crowd.gold_image)
    off = (merged.points - truth)[free][:, 7:10, 1].mean()
    assert abs(off) < 1.5


def test_a_part_that_does_not_help_is_left_out(crowd_and_truth):
    crowd, truth = crowd_and_truth
    rng = np.random.default_rng(8)
    unlike = rng.uniform(100, 500, truth.shape)  # Every image its own shape: no frame, no prior.
    points = crowd.points - truth[crowd.image] + unlike[crowd.image]
    strange = replace(crowd, points=points, gold_points=unlike[crowd.gold_image])

    recipe = choose(strange).recipe

    assert Component.PRIOR not in recipe.parts or Component.FRAME not in recipe.parts


def test_the_report_says_which_parts_are_on_and_what_they_gained(crowd_and_truth, chosen):
    crowd, _ = crowd_and_truth

    report = Reliability(choice=chosen).merge_all(crowd).report

    assert report["chosen by"] == "12 gold images kept back"
    assert "people's scales" in report["gain of each part"]
    assert 0 < report["gain over the geometric median"] < 1


def test_yesterdays_recipe_stays_where_another_is_hardly_better(crowd_and_truth, chosen):
    crowd, _ = crowd_and_truth
    nearly = chosen.recipe.without(Component.PARTS)
    nearly = FULL if nearly == chosen.recipe else nearly

    assert choose(crowd, stay_with=nearly).recipe == nearly


def test_about_95_of_100_truths_lie_inside_the_ellipse(crowd_and_truth, chosen):
    crowd, truth = crowd_and_truth

    merged = Reliability(choice=chosen).merge_all(crowd)

    free = ~np.isin(merged.image, crowd.gold_image)
    off = (merged.points - truth)[free]
    far = np.einsum("nli,nlij,nlj->nl", off, np.linalg.inv(merged.covariance[free]), off)
    assert 0.91 < (far < 5.991).mean() < 0.99


def test_the_same_crowd_always_gives_the_same_bits(crowd_and_truth):
    crowd, _ = crowd_and_truth

    one, other = (Reliability(choice=EVERYTHING).merge_all(crowd) for _ in range(2))

    assert np.array_equal(one.points, other.points)
    assert np.array_equal(one.covariance, other.covariance)


@pytest.mark.parametrize("points", [1, 2, 5])
def test_it_merges_schemas_of_a_few_points(points):
    crowd, truth = people(images=20, gold=6)
    small = replace(
        crowd,
        points=crowd.points[:, :points],
        gold_points=crowd.gold_points[:, :points],
        mirror=None,
        group=None,
        contours=(),
    )

    merged = Reliability().merge_all(small)

    assert np.isfinite(merged.points).all()
    assert np.linalg.norm(merged.points - truth[:, :points], axis=-1).mean() < 12


def test_points_that_nobody_placed_are_not_invented_by_the_shape_prior(crowd_and_truth):
    crowd, _ = crowd_and_truth
    holes = crowd.points.copy()
    holes[crowd.image == 3, 5] = np.nan

    merged = Reliability(choice=EVERYTHING).merge_all(with_points(crowd, holes))

    assert np.isnan(merged.points[3, 5]).all()
    assert np.isnan(merged.points).any(axis=-1).sum() == 1
