"""Whether points can be seen: people's codes merged, part by part."""

from pathlib import Path

import numpy as np
import pytest

from tasks.consensus.mergers.vote_visibility import merge_visibility
from tasks.consensus.mergers.votes import NO_VOTE

GROUP = np.array([0, 0, 1, 1, 1])


def crowd_codes(images=120, people=8, each=3, seed=2):
    """The first person never calls a jaw point (group 0) hidden; the rest are right in 90 of 100 codes."""
    rng = np.random.default_rng(seed)
    truth = rng.choice(3, (images, 5), p=[0.05, 0.25, 0.7])
    image = np.repeat(np.arange(images) + 500, each)
    person = np.concatenate([rng.permutation(people)[:each] for _ in range(images)])
    right = truth[image - 500]
    codes = np.where(rng.random(right.shape) < 0.9, right, rng.integers(0, 3, right.shape))
    codes[(person == 0)[:, None] & (GROUP == 0)] = 2
    return image, person, codes, truth


def test_codes_are_merged_point_by_point_and_habits_learnt_part_by_part():
    image, person, codes, truth = crowd_codes()

    found = merge_visibility(image, person, codes, group=GROUP)

    assert found.visibility.shape == (120, 5)
    assert (found.visibility == truth).mean() > 0.93
    assert found.verdicts.confusion[0, 0, 1, 2] > 0.6  # the jaw: hidden, but said to be seen
    assert found.verdicts.confusion[0, 1, 1, 2] < 0.3


def test_a_point_that_everybody_left_out_is_not_said_to_be_seen():
    image, person, codes, _ = crowd_codes()
    codes[:, 0] = np.where(person < 6, 0, 2)
    codes[image == 505, 0] = 0

    found = merge_visibility(image, person, codes, group=GROUP)

    assert found.visibility[5, 0] == 0


def test_a_point_that_nobody_was_asked_for_is_not_labelled_and_gold_stands():
    image, person, codes, truth = crowd_codes()
    codes[image == 503, 4] = NO_VOTE

    found = merge_visibility(
        image, person, codes, group=GROUP, gold_image=np.array([500, 9]), gold_visibility=2 - truth[:2]
    )

    assert found.visibility[3, 4] == 0
    assert np.isnan(found.posterior[3, 4]).all()
    assert np.array_equal(found.visibility[0], 2 - truth[0])


def test_the_order_of_the_answers_does_not_matter():
    image, person, codes, _ = crowd_codes()
    order = np.random.default_rng(0).permutation(len(image))

    one = merge_visibility(image, person, codes, group=GROUP)
    other = merge_visibility(image[order], person[order], codes[order], group=GROUP)

    assert np.array_equal(one.posterior, other.posterior)


def test_bluebirds_are_told_apart_better_than_by_most_votes():
    folder = Path(__file__).resolve().parents[3] / "shared" / "data" / "bluebirds"
    if not folder.is_dir():
        pytest.skip("needs ../shared/data/bluebirds")
    truth = {name: value == "true" for name, value in _pairs((folder / "gt.yaml").read_text())}
    birds = sorted(truth)
    said = [
        [dict(_pairs(person))[bird] == "true" for bird in birds]
        for person in (folder / "labels.yaml").read_text().split("{")[1:]
    ]
    codes = np.array(said, np.int64)  # (person, bird)

    found = merge_visibility(np.zeros(len(codes), int), np.arange(len(codes)), codes)

    right = np.array([truth[bird] for bird in birds])
    assert (found.visibility[0] == right).sum() == 96
    assert ((codes.mean(axis=0) > 0.5) == right).sum() == 82


def _pairs(text):
    """'{11573: true, ...}' without a reader of YAML."""
    body = text.split("{")[-1].split("}")[0]
    return [tuple(part.strip().split(": ")) for part in body.split(",") if part.strip()]
