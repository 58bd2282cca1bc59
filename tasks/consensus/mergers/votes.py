"""What many people's votes on a choice mean: who confuses what with what, and so which label is likeliest.

Dawid & Skene 1979, made robust for people with few votes: everybody is taken for usual until shown otherwise.
"""

import numpy as np

from tasks.consensus.mergers.answers import Floats
from tasks.consensus.mergers.vote_table import LEAST, NO_VOTE, Table, Verdicts, Votes

__all__ = ["NO_VOTE", "DawidSkene", "Verdicts", "Votes"]

FIRST_GUESS = 0.7  # how often the crowd is right about a label that nothing is known of yet


class DawidSkene:
    """Maximum a posteriori: each person's confusions are shrunk towards those of the whole crowd."""

    def __init__(
        self,
        *,
        pseudo_votes: float = 10.0,  # of the crowd's habits, that each person's own votes must outweigh; 0: none
        max_rounds: int = 100,
        tolerance: float = 1e-6,  # of a posterior, from round to round; 0: always all rounds
    ) -> None:
        self.pseudo_votes = pseudo_votes
        self.max_rounds = max_rounds
        self.tolerance = tolerance

    def merge(self, votes: Votes) -> Verdicts:
        """Merge the votes by expectation maximisation, from each item's shares of votes on."""
        table = Table(votes)
        p = table.clamped(table.shares())
        rounds = 0
        frequency, confusion = self._habits(table, p)
        for rounds in range(1, self.max_rounds + 1):  # noqa: B007 - told to the caller
            new = table.clamped(table.likelihood(frequency, confusion))
            settled = self.tolerance > 0 and float(np.abs(new - p).max(initial=0.0)) < self.tolerance
            p = new
            frequency, confusion = self._habits(table, p)
            if settled:
                break
        return table.verdicts(p, frequency, confusion, rounds)

    def _habits(self, table: Table, p: Floats) -> tuple[Floats, Floats]:
        """How common labels are (C, g), and confusions [truth, person in group, said] (C, a * g, C)."""
        counts = table.counts(p)
        if not self.pseudo_votes:
            frequency = table.by_group(p) / np.maximum(table.group_sizes, 1)
            own = np.where(table.used, np.maximum(counts, LEAST), 0.0)
            return frequency, own / np.maximum(own.sum(axis=2, keepdims=True), LEAST)
        c, groups = table.classes, len(table.group_key)
        guess = np.full((c, 1, c), (1 - FIRST_GUESS) / max(c - 1, 1))
        guess[np.arange(c), 0, np.arange(c)] = FIRST_GUESS if c > 1 else 1.0
        crowd = _share(counts.sum(axis=1, keepdims=True) + guess)
        by_group = counts.reshape(c, groups, len(table.annotator_key), c).sum(axis=2)
        pooled = _share(by_group + self.pseudo_votes * crowd)
        usual = np.repeat(pooled, len(table.annotator_key), axis=1)
        common = table.by_group(p) + 1.0 / c
        return common / common.sum(axis=0), _share(counts + self.pseudo_votes * usual)


def _share(counts: Floats) -> Floats:
    return np.asarray(counts / counts.sum(axis=-1, keepdims=True))
