"""Whether each point can be seen, from what many people said of it; the points of one part teach about it together."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tasks.consensus.mergers.answers import NOT_LABELLED, VISIBLE, Floats, Ints
from tasks.consensus.mergers.votes import NO_VOTE, DawidSkene, Verdicts, Votes

CODES = 3


@dataclass(frozen=True, eq=False)
class Sight:
    """The visibility of every point of every image."""

    image: Ints  # (m,) rising
    visibility: NDArray[np.int8]  # (m, L) only codes that somebody gave, or gold; 0 where nobody was asked
    posterior: Floats  # (m, L, 3) of the codes 0, 1, 2; NaN where nobody was asked
    verdicts: Verdicts  # with each annotator's confusions by part


def merge_visibility(
    image: Ints,
    annotator: Ints,
    visibility: Ints,
    *,
    group: Ints | None = None,
    gold_image: Ints | None = None,
    gold_visibility: Ints | None = None,
    by: DawidSkene | None = None,
) -> Sight:
    """Merge codes (n, L) of n answers, NO_VOTE where a point was not asked for; group (L,), gold_visibility (g, L)."""
    codes = np.asarray(visibility, np.int64)
    if codes.ndim != 2 or len(codes) != len(image):
        raise ValueError("visibility must be (answers, landmarks), a row for each image named.")
    count = codes.shape[1]
    key, where = np.unique(np.asarray(image, np.int64), return_inverse=True)
    point = np.arange(count)
    gold_item, gold_label = np.zeros(0, np.int64), np.zeros(0, np.int64)
    if gold_image is not None and gold_visibility is not None:
        known = np.isin(gold_image, key)
        gold_item = (np.searchsorted(key, gold_image[known])[:, None] * count + point).ravel()
        gold_label = np.asarray(gold_visibility, np.int64)[known].ravel()
        told = gold_label != NO_VOTE
        gold_item, gold_label = gold_item[told], gold_label[told]
    votes = Votes(
        item=(where[:, None] * count + point).ravel(),
        annotator=np.repeat(annotator, count),
        label=codes.ravel(),
        classes=VISIBLE + 1,
        group=None if group is None else np.tile(group, len(codes)),
        gold_item=gold_item,
        gold_label=gold_label,
    )
    verdicts = (by or DawidSkene()).merge(votes)
    given = np.zeros((len(key) * count, CODES), bool)
    cast = votes.label != NO_VOTE
    given[votes.item[cast], votes.label[cast]] = True
    given[gold_item] = False
    given[gold_item, gold_label] = True
    # However sure the model is, a point that nobody placed has no place, so nobody may be said to have seen it.
    likeliest = np.argmax(np.where(given, verdicts.posterior, -1.0), axis=1)
    label = np.where(given.any(axis=1), likeliest, NOT_LABELLED)
    return Sight(
        image=key,
        visibility=label.reshape(-1, count).astype(np.int8),
        posterior=verdicts.posterior.reshape(-1, count, CODES),
        verdicts=verdicts,
    )
