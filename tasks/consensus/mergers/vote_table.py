"""Votes on a choice as they come in, laid out for arithmetic, and what they were found to mean."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from tasks.consensus.mergers.answers import Floats, Ints

NO_VOTE = -1
LEAST = 1e-10  # a probability below this is taken for this, lest one vote veto everything else


@dataclass(frozen=True, eq=False)
class Votes:
    """n votes of people on items; the order of rows means nothing, and a person's repeated votes count as one."""

    item: Ints  # (n,)
    annotator: Ints  # (n,)
    label: Ints  # (n,) 0 .. classes-1, or NO_VOTE
    classes: int
    group: Ints | None = None  # (n,) people's habits are learnt apart for each; an item is of one group
    gold_item: Ints = field(default_factory=lambda: np.zeros(0, np.int64))  # (g,) whose label is known
    gold_label: Ints = field(default_factory=lambda: np.zeros(0, np.int64))  # (g,)

    def __post_init__(self) -> None:
        n = len(self.item)
        group = np.zeros(n, np.int64) if self.group is None else self.group
        for name, value in (("annotator", self.annotator), ("label", self.label), ("group", group)):
            if np.shape(value) != (n,):
                raise ValueError(f"{name} must hold one entry for each of the {n} votes.")
        if self.classes < 1 or not _within(self.label, NO_VOTE, self.classes):
            raise ValueError(f"label must be 0 to {self.classes - 1}, or {NO_VOTE} for no vote.")
        if np.shape(self.gold_item) != np.shape(self.gold_label) or not _within(self.gold_label, 0, self.classes):
            raise ValueError(f"gold_label must hold a label of 0 to {self.classes - 1} for each gold_item.")
        if len(np.unique(self.gold_item)) != len(self.gold_item):
            raise ValueError("gold_item names an item twice.")
        for name, value in (("item", self.item), ("annotator", self.annotator), ("label", self.label)):
            object.__setattr__(self, name, np.asarray(value, np.int64))
        object.__setattr__(self, "group", np.asarray(group, np.int64))


@dataclass(frozen=True, eq=False)
class Verdicts:
    """The label of every item, how sure it is, and how people confuse labels."""

    item: Ints  # (m,) rising
    label: Ints  # (m,) the likeliest; NO_VOTE where nobody voted and the truth is not known
    posterior: Floats  # (m, C); NaN where nobody voted and the truth is not known
    annotator: Ints  # (a,) rising
    group: Ints  # (g,) rising
    confusion: Floats  # (a, g, C, C) how often this person says [said] of what is [truth]; NaN = nothing to tell by
    frequency: Floats  # (g, C) how common each label is
    rounds: int


class Table:
    """Votes sorted and numbered from 0, so that the order in which they came cannot matter."""

    def __init__(self, votes: Votes) -> None:
        assert votes.group is not None
        self.classes = votes.classes
        self.annotator_key, person = np.unique(votes.annotator, return_inverse=True)
        self.group_key, group = np.unique(votes.group, return_inverse=True)
        self.item_key, item = np.unique(votes.item, return_inverse=True)
        self.group_of = np.zeros(len(self.item_key), np.int64)
        self.group_of[item] = group
        if (self.group_of[item] != group).any():
            raise ValueError("An item is of two groups; number the items of each group apart.")
        cast = votes.label != NO_VOTE
        who = group * len(self.annotator_key) + person  # a person in a group
        order = np.lexsort((votes.label[cast], person[cast], item[cast]))
        self.item = item[cast][order]
        self.cell = (who[cast] * votes.classes + votes.label[cast])[order]
        self.cells = len(self.group_key) * len(self.annotator_key) * votes.classes
        self.weight = self._once(self.item, who[cast][order])
        self.used = (np.bincount(self.cell, minlength=self.cells) > 0).reshape(-1, votes.classes)
        known = np.isin(votes.gold_item, self.item_key)
        self.gold = np.searchsorted(self.item_key, votes.gold_item[known])
        self.gold_label = np.asarray(votes.gold_label, np.int64)[known]
        self.told = np.bincount(self.item, minlength=len(self.item_key)) > 0
        self.told[self.gold] = True
        self.group_sizes = np.bincount(self.group_of[self.told], minlength=len(self.group_key))

    @staticmethod
    def _once(item: Ints, who: Ints) -> Floats | None:
        """Less than 1 where one person voted several times on one item; None if nobody did."""
        first = np.flatnonzero((np.diff(item, prepend=-1) != 0) | (np.diff(who, prepend=-1) != 0))
        times = np.diff(np.append(first, len(item)))
        return None if (times == 1).all() else 1.0 / np.repeat(times, times)

    def _by_item(self, values: Floats) -> Floats:
        weighed = values if self.weight is None else values * self.weight
        return np.asarray(np.bincount(self.item, weights=weighed, minlength=len(self.item_key)), np.float64)

    def shares(self) -> Floats:
        """What share of its votes each label has (C, m)"""
        said = self.cell % self.classes
        p = np.stack([self._by_item((said == c).astype(float)) for c in range(self.classes)])
        return np.asarray(p / np.maximum(p.sum(axis=0), LEAST))

    def likelihood(self, frequency: Floats, confusion: Floats) -> Floats:
        """The posterior of each label (C, m)"""
        evidence = np.log(np.maximum(confusion, 1e-300)).reshape(self.classes, -1)
        common = np.log(np.maximum(frequency, LEAST))
        score = np.stack([self._by_item(one.take(self.cell)) for one in evidence])
        score += common if len(self.group_key) == 1 else common.take(self.group_of, axis=1)
        p = np.exp(score - score.max(axis=0))
        return np.asarray(p / p.sum(axis=0))

    def clamped(self, p: Floats) -> Floats:
        """Gold is what it is known to be, and an item without a vote teaches nothing."""
        p[:, ~self.told] = 0.0
        p[:, self.gold] = 0.0
        p[self.gold_label, self.gold] = 1.0
        return p

    def counts(self, p: Floats) -> Floats:
        """Expected votes [truth, person in group, said] (C, g * a, C)"""
        total = []
        for one in p:
            weights = one.take(self.item) if self.weight is None else one.take(self.item) * self.weight
            total.append(np.bincount(self.cell, weights=weights, minlength=self.cells))
        return np.asarray(np.stack(total), np.float64).reshape(self.classes, -1, self.classes)

    def by_group(self, p: Floats) -> Floats:
        """Expected items of each label (C, g)"""
        if len(self.group_key) == 1:
            return np.asarray(p.sum(axis=1, keepdims=True))
        return np.stack([np.bincount(self.group_of, weights=one, minlength=len(self.group_key)) for one in p])

    def verdicts(self, p: Floats, frequency: Floats, confusion: Floats, rounds: int) -> Verdicts:
        people, groups, c = len(self.annotator_key), len(self.group_key), self.classes
        habits = np.moveaxis(confusion, 0, 1).reshape(groups, people, c, c).swapaxes(0, 1)
        return Verdicts(
            item=self.item_key,
            label=np.where(self.told, np.argmax(p, axis=0), NO_VOTE),
            posterior=np.where(self.told, p, np.nan).T,
            annotator=self.annotator_key,
            group=self.group_key,
            confusion=np.where(habits.sum(axis=3, keepdims=True) > 0, habits, np.nan),
            frequency=frequency.T,
            rounds=rounds,
        )


def _within(values: NDArray[np.generic], least: int, below: int) -> bool:
    array = np.asarray(values)
    if array.size and array.dtype.kind not in "iu":
        return False
    return bool(((array >= least) & (array < below)).all())
