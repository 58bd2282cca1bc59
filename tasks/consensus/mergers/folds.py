"""Gold put to the test: some gold images pose as ordinary ones, answered by as many people as those are."""

from dataclasses import dataclass, replace

import numpy as np

from tasks.consensus.mergers.answers import Ints
from tasks.consensus.mergers.crowd import Crowd
from tasks.consensus.mergers.rows import Complex, Mask, as_complex, rows_of

FOLDS, LEAVE_ONE_OUT = 5, 8  # So many folds; with as few gold images as this, one each.
GROUPS = 160  # pseudo-images in all, about
ORDINARY = 200  # ordinary images that keep a fold company, at most
LEAST_GOLD = 4
LEAST_IMAGES, KEPT_BACK = 8, 400  # images of which an answer is kept back


@dataclass(frozen=True, eq=False)
class Fold:
    """A crowd in which images 0 .. p-1 are groups of answers to gold images whose truth is kept back."""

    crowd: Crowd
    truth: Complex  # (p, L) px
    source: Ints  # (p,) which gold image each is
    answers: Ints  # (p,) how many answers each has
    teaches: Mask  # (images in the crowd, sorted) False for the pseudo-images: one shape must not be met many times


def usual_count(crowd: Crowd) -> int:
    """How many people answer an ordinary image."""
    ordinary = crowd.image[~np.isin(crowd.image, crowd.gold_image)]
    if not len(ordinary):
        ordinary = crowd.image
    _, count = np.unique(ordinary, return_counts=True)
    return int(np.argmax(np.bincount(count)))


def folds_of(crowd: Crowd, *, answers: int) -> list[Fold]:
    """Every gold image is kept back in one fold. None where there is too little gold to tell anything."""
    rows = rows_of(crowd)  # Sorted by what was answered: the folds do not depend on the order of rows or on names.
    gold = crowd.gold_image[np.isin(crowd.gold_image, crowd.image)]
    gold = np.sort(gold)
    if len(gold) < LEAST_GOLD:
        return []
    rng = np.random.default_rng(len(gold))
    shuffled = rng.permutation(gold)
    number = len(gold) if len(gold) <= LEAVE_ONE_OUT else FOLDS
    ordinary = np.setdiff1d(crowd.image, gold)
    if len(ordinary) > ORDINARY:
        ordinary = ordinary[np.linspace(0, len(ordinary) - 1, ORDINARY).astype(int)]
    most = max(4, GROUPS // len(gold))
    image = crowd.image[rows.order]
    by_gold = {int(key): rows.order[image == key] for key in gold}
    return [_fold(crowd, shuffled[f::number], ordinary, by_gold, answers, most, rng) for f in range(number)]


def answers_kept_back(crowd: Crowd) -> list[Fold]:
    """One fold in which of each image with three answers or more one is kept back, to be foretold from the others."""
    rows = rows_of(crowd)
    count = np.bincount(rows.image, minlength=rows.images)
    images = np.flatnonzero(count >= 3)
    if len(images) < LEAST_IMAGES:
        return []
    images = images[np.linspace(0, len(images) - 1, min(len(images), KEPT_BACK)).astype(int)]
    first = np.cumsum(count) - count
    held = first[images] + np.arange(len(images)) % count[images]
    left = np.setdiff1d(np.flatnonzero(np.isin(rows.image, images)), held)
    taken = rows.order[left]
    fold = replace(
        crowd,
        image=np.searchsorted(images, rows.image[left]),
        annotator=crowd.annotator[taken],
        points=crowd.points[taken],
        gold_image=np.zeros(0, np.int64),
        gold_points=None,
        template=_templates(crowd, rows.image_key[images]),
    )
    truth = as_complex(crowd.points[rows.order[held]])
    everywhere = np.ones(len(images), bool)
    return [Fold(fold, truth, source=images, answers=count[images] - 1, teaches=everywhere)]


def _fold(
    crowd: Crowd,
    held: Ints,
    ordinary: Ints,
    by_gold: dict[int, Ints],
    answers: int,
    most: int,
    rng: np.random.Generator,
) -> Fold:
    groups, source = [], []
    for key in held:
        own = rng.permutation(by_gold[int(key)])
        cut = [own[i * answers : (i + 1) * answers] for i in range(max(1, min(most, len(own) // answers)))]
        groups += cut
        source += [int(key)] * len(cut)
    kept = np.setdiff1d(crowd.gold_image, held)
    rest_key = np.concatenate([ordinary, kept])
    rest = np.flatnonzero(np.isin(crowd.image, rest_key))
    order = np.argsort(rest_key)
    image = len(groups) + order[np.searchsorted(rest_key[order], crowd.image[rest])]
    old = np.concatenate([np.array(source, np.int64), rest_key])
    where = {int(key): i for i, key in enumerate(crowd.gold_image)}
    assert crowd.gold_points is not None
    truth = crowd.gold_points[[where[key] for key in source]]
    pseudo = np.concatenate([np.full(len(g), i) for i, g in enumerate(groups)])
    taken = np.concatenate([*groups, rest])
    fold = replace(
        crowd,
        image=np.concatenate([pseudo, image]),
        annotator=crowd.annotator[taken],
        points=crowd.points[taken],
        gold_image=len(groups) + len(ordinary) + np.arange(len(kept)),
        gold_points=crowd.gold_points[[where[int(key)] for key in kept]],
        template=_templates(crowd, old),
    )
    present = np.unique(fold.image)
    return Fold(
        crowd=fold,
        truth=as_complex(truth),
        source=np.array(source),
        answers=np.array([len(group) for group in groups]),
        teaches=present >= len(groups),
    )


def _templates(crowd: Crowd, old: Ints) -> np.ndarray | None:
    if crowd.template is None:
        return None
    has = (old >= 0) & (old < len(crowd.template))
    return np.where(has[:, None, None], crowd.template[np.where(has, old, 0)], np.nan)
