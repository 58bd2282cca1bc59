"""Votes on a choice: who is right, how sure that is, and who confuses what."""

import math

import numpy as np
import pytest

from tasks.consensus.mergers.votes import NO_VOTE, DawidSkene, Votes


def ballots(items=400, people=15, each=3, careless=2, seed=3):
    """Votes and the truth; the first people say 0 whatever they see, the others are right in 85 of 100 votes."""
    rng = np.random.default_rng(seed)
    truth = rng.choice(3, items, p=[0.7, 0.2, 0.1])
    item = np.repeat(np.arange(items), each)
    person = np.concatenate([rng.permutation(people)[:each] for _ in range(items)])
    wrong = (truth[item] + rng.integers(1, 3, len(item))) % 3
    label = np.where(rng.random(len(item)) < 0.85, truth[item], wrong)
    return {"item": item, "annotator": person, "label": np.where(person < careless, 0, label)}, truth


def slow_dawid_skene(item, annotator, label, classes, rounds):
    """Dawid & Skene's own EM, vote by vote in plain Python: nothing shared with ours."""
    items, people = sorted(set(item)), sorted(set(annotator))
    votes = [(int(i), int(a), int(v)) for i, a, v in zip(item, annotator, label, strict=True)]
    p = {i: [0.0] * classes for i in items}
    for i, _, v in votes:
        p[i][v] += 1
    p = {i: [x / sum(row) for x in row] for i, row in p.items()}
    for _ in range(rounds):
        common = [sum(row[c] for row in p.values()) / len(items) for c in range(classes)]
        said = {a: [[0.0] * classes for _ in range(classes)] for a in people}
        for i, a, v in votes:
            for c in range(classes):
                said[a][c][v] += p[i][c]
        score = {i: [math.log(max(x, 1e-10)) for x in common] for i in items}
        used = {a: {v for _, b, v in votes if a == b} for a in people}
        for i, a, v in votes:
            for c in range(classes):
                row = [max(x, 1e-10) if k in used[a] else 0.0 for k, x in enumerate(said[a][c])]
                score[i][c] += math.log(row[v] / sum(row))
        top = {i: max(row) for i, row in score.items()}
        p = {i: [math.exp(x - top[i]) for x in row] for i, row in score.items()}
        p = {i: [x / sum(row) for x in row] for i, row in p.items()}
    return np.array([p[i] for i in items])


@pytest.mark.parametrize("rounds", [1, 7])
def test_without_pseudo_votes_it_is_dawid_and_skenes_own_method(rounds):
    votes, _ = ballots(items=60, people=6)

    found = DawidSkene(pseudo_votes=0, max_rounds=rounds, tolerance=0).merge(Votes(**votes, classes=3))

    assert found.rounds == rounds
    assert np.allclose(found.posterior, slow_dawid_skene(**votes, classes=3, rounds=rounds), atol=1e-9)


def test_the_order_of_the_votes_does_not_change_a_bit():
    votes, _ = ballots()
    order = np.random.default_rng(1).permutation(len(votes["item"]))

    one = DawidSkene().merge(Votes(**votes, classes=3))
    other = DawidSkene().merge(Votes(**{name: column[order] for name, column in votes.items()}, classes=3))

    assert np.array_equal(one.posterior, other.posterior)
    assert np.array_equal(one.confusion, other.confusion)


def test_it_is_right_more_often_than_the_majority_and_knows_who_does_not_look():
    votes, truth = ballots(items=2000, people=20, careless=5)

    found = DawidSkene().merge(Votes(**votes, classes=3))

    tally = np.zeros((2000, 3))
    np.add.at(tally, (votes["item"], votes["label"]), 1)
    assert (found.label == truth).mean() > (np.argmax(tally, axis=1) == truth).mean()
    never_look = found.confusion[:, 0, 1, 0]  # how often each says 0 of a 1
    assert (never_look[:5] > 0.8).all()
    assert (never_look[5:] < 0.3).all()
    assert np.allclose(found.confusion.sum(axis=3), 1)


def test_gold_is_never_outvoted_and_teaches_about_people():
    label = np.array([0, 0, 0, 1, 1, 1])
    votes = Votes(
        item=np.array([7, 7, 7, 8, 8, 8]),
        annotator=np.array([0, 1, 2, 0, 1, 2]),
        label=label,
        classes=2,
        gold_item=np.array([7, 99]),
        gold_label=np.array([1, 0]),
    )

    found = DawidSkene().merge(votes)

    assert found.item.tolist() == [7, 8]
    assert found.label[0] == 1
    assert found.posterior[0].tolist() == [0, 1]


def test_someone_with_few_votes_is_taken_for_usual():
    votes, _ = ballots(items=500, careless=0)
    newcomer = {"item": [0], "annotator": [99], "label": [2]}
    joined = {name: np.append(column, newcomer[name]) for name, column in votes.items()}

    found = DawidSkene().merge(Votes(**joined, classes=3))

    others = found.confusion[:-1, 0].mean(axis=0)
    assert np.abs(found.confusion[-1, 0] - others).max() < 0.12


def test_a_missing_vote_says_nothing_and_an_item_without_any_has_no_label():
    votes, _ = ballots(items=50)
    blanks = {"item": [0, 77], "annotator": [0, 1], "label": [NO_VOTE, NO_VOTE]}
    joined = {name: np.append(column, blanks[name]) for name, column in votes.items()}

    plain = DawidSkene().merge(Votes(**votes, classes=3))
    found = DawidSkene().merge(Votes(**joined, classes=3))

    assert np.array_equal(found.posterior[:-1], plain.posterior)
    assert found.label[-1] == NO_VOTE
    assert np.isnan(found.posterior[-1]).all()


@pytest.mark.parametrize("pseudo_votes", [0, 10])
def test_the_same_vote_sent_twice_counts_once(pseudo_votes):
    votes, _ = ballots(items=80)
    twice = {name: np.append(column, column[:40]) for name, column in votes.items()}

    one = DawidSkene(pseudo_votes=pseudo_votes).merge(Votes(**votes, classes=3))
    other = DawidSkene(pseudo_votes=pseudo_votes).merge(Votes(**twice, classes=3))

    assert np.allclose(one.posterior, other.posterior, atol=1e-9)


def test_habits_are_learnt_apart_for_each_group():
    votes, truth = ballots(items=600, careless=0)
    group = votes["item"] % 2
    votes["label"] = np.where((votes["annotator"] == 3) & (group == 1), 0, votes["label"])

    found = DawidSkene().merge(Votes(**votes, group=group, classes=3))

    assert found.confusion[3, 0, 1, 0] < 0.3
    assert found.confusion[3, 1, 1, 0] > 0.5
    assert (found.label == truth).mean() > 0.9


def test_no_votes_at_all_and_a_choice_of_one_do_not_fail():
    nothing = np.zeros(0, np.int64)

    empty = DawidSkene().merge(Votes(item=nothing, annotator=nothing, label=nothing, classes=3))
    single = DawidSkene().merge(Votes(item=np.arange(2), annotator=np.arange(2), label=np.zeros(2, int), classes=1))

    assert empty.posterior.shape == (0, 3)
    assert single.label.tolist() == [0, 0]


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"label": np.array([0, 3])}, "label must be 0 to 2"),
        ({"label": np.array([0.0, 1.0])}, "label must be 0 to 2"),
        ({"annotator": np.array([0])}, "annotator must hold one entry"),
        ({"gold_item": np.array([0, 0]), "gold_label": np.array([1, 1])}, "twice"),
        ({"gold_item": np.array([0]), "gold_label": np.array([5])}, "gold_label"),
        ({"item": np.array([0, 0]), "group": np.array([0, 1])}, "two groups"),
    ],
)
def test_votes_that_cannot_be_are_refused_with_a_reason(change, says):
    columns = {"item": np.array([0, 1]), "annotator": np.array([0, 0]), "label": np.array([0, 1]), "classes": 3}

    with pytest.raises(ValueError, match=says):
        DawidSkene().merge(Votes(**(columns | change)))
