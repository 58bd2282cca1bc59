"""Errors that show before anything is merged: left and right swapped, left at the tool's template, copied."""

from dataclasses import dataclass, replace

import numpy as np

from tasks.consensus.mergers.answers import COPY, NOTHING, SWAP, TEMPLATE, Ints
from tasks.consensus.mergers.frame import misfit
from tasks.consensus.mergers.rows import Complex, Mask, Rows, as_complex, squared

SWAP_GAIN, SWAP_MISFIT = 0.5, 0.6  # The mirrored answer fits at least so much better, and well.
AT_TEMPLATE, TEMPLATE_SHARE = 0.0018, 0.25  # of the shape's root-mean-square radius; of the points
COPY_SHARE, COPY_AT_MOST = 0.35, 0.0115  # of what near pairs of honest answers are apart; of the radius
COPY_PIXELS = 0.3  # Below this two careful people may well agree to the pixel.


@dataclass(frozen=True, eq=False)
class Cleaned:
    """The rows without the errors found, and what was found in each."""

    rows: Rows
    flag: Ints  # (n,)


def clean(rows: Rows, mean: Complex | None, mirror: Ints | None, template: Complex | None) -> Cleaned:
    """Undo swaps, drop points never moved from the template, and let copies share one vote.

    Which of two like answers is the copy only the order of submission tells: the flag goes to the later row of the
    crowd, but what is merged does not depend on it.

    The mean shape is None where the images have no shape in common: swaps cannot be told then.
    """
    flag = np.full(len(rows.image), NOTHING)
    z, there = rows.z.copy(), rows.there.copy()
    radius = _radius(rows)
    if template is not None:
        drawn = np.full(z.shape, np.nan + 0j)
        has = rows.image_key[rows.image] < len(template)
        has &= rows.image_key[rows.image] >= 0
        drawn[has] = template[rows.image_key[rows.image[has]]]
        near = AT_TEMPLATE * radius[rows.image, None]
        untouched = there & (squared(z - drawn) <= near**2)
        left = untouched.sum(axis=1) > TEMPLATE_SHARE * np.maximum(there.sum(axis=1), 1)
        flag[left] = TEMPLATE
        there &= ~(untouched & left[:, None])
    if mean is not None and mirror is not None:
        plain, swapped = misfit(z, mean, there), misfit(z[:, mirror], mean, there[:, mirror])
        turned = (swapped < SWAP_GAIN * plain) & (swapped < SWAP_MISFIT) & (flag == NOTHING) & (there.sum(axis=1) > 2)
        flag[turned] = SWAP
        z[turned], there[turned] = z[turned][:, mirror], there[turned][:, mirror]
    first, second = _copies(rows, z, there, radius)
    flag[np.where(rows.order[first] > rows.order[second], first, second)] = COPY
    alike = 1 + np.bincount(first, minlength=len(flag)) + np.bincount(second, minlength=len(flag))
    return Cleaned(rows=replace(rows.with_points(z, there), vote=rows.vote / alike), flag=flag)


def template_of(points: object) -> Complex | None:
    return None if points is None else as_complex(np.asarray(points))


def _radius(rows: Rows) -> np.ndarray:
    """The usual root-mean-square radius of the answers to each image (N,) px"""
    number = np.maximum(rows.there.sum(axis=1), 1)
    centre = rows.z.sum(axis=1) / number
    own = np.sqrt((rows.there * squared(rows.z - centre[:, None])).sum(axis=1) / number)
    order = np.lexsort((own, rows.image))
    count = np.bincount(rows.image, minlength=rows.images)
    return np.asarray(own[order][np.cumsum(count) - count + (count - 1) // 2])


def _copies(rows: Rows, z: Complex, there: Mask, radius: np.ndarray) -> tuple[Ints, Ints]:
    """Pairs of answers of different people that are nearer than honest people ever are."""
    first, second = _pairs(rows)
    both = there[first] & there[second]
    enough = both.sum(axis=1) >= max(3, z.shape[1] // 4)
    first, second, both = first[enough], second[enough], both[enough]
    if not len(first):
        return first, second
    apart = np.where(both, np.sqrt(squared(z[first] - z[second])), np.inf)
    middle = np.take_along_axis(np.sort(apart, axis=1), (both.sum(axis=1) // 2)[:, None], axis=1)[:, 0]
    size = radius[rows.image[first]]
    honest = np.quantile(middle / size, 0.10)
    near = min(COPY_SHARE * honest, COPY_AT_MOST)
    same = (middle < near * size) & (near * size > COPY_PIXELS)
    return first[same], second[same]


def _pairs(rows: Rows) -> tuple[Ints, Ints]:
    """Rows of one image by different people, each row with the next eleven at most."""
    n = len(rows.image)
    first, second = [], []
    for step in range(1, 12):
        a = np.arange(n - step) if n > step else np.zeros(0, np.int64)
        a = a[(rows.image[a] == rows.image[a + step]) & (rows.person[a] != rows.person[a + step])]
        if not len(a):
            continue
        first.append(a)
        second.append(a + step)
    empty = np.zeros(0, np.int64)
    return np.concatenate([empty, *first]), np.concatenate([empty, *second])
