"""What asking a few people more where it is needed saves, against asking equally many about every image."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from tasks.consensus.mergers.answers import Floats, Ints
from tasks.consensus.mergers.arrayfile import read
from tasks.consensus.mergers.choose import Choice, choose
from tasks.consensus.mergers.crowd import Crowd, MergedCrowd
from tasks.consensus.mergers.reliability import Reliability

FIRST = 2  # answers that every image gets
MEAN_OF_NORMAL = 0.886  # mean length of a two-dimensional normal error / square root of its covariance's trace
EYES = 3  # the benchmark's number for that part of the face
EQUALS = 4  # the fixed overlap whose worst images are to be matched
SEARCHES, CLOSE = 9, 0.002  # halvings of the target at most; p95 that lies so little below is equal


@dataclass(frozen=True, eq=False)
class Revealed:
    """A crowd of which the answers to ordinary images come one at a time; its gold is all there from the first."""

    crowd: Crowd
    turn: Ints  # (n,) which answer to its image each row is, from 0; -1 on gold
    truth: Floats  # (N, L, 2) px of images 0 .. N-1; only to judge by
    iod: Floats  # (N,) px

    @property
    def number(self) -> Ints:
        """How many answers there are to each ordinary image (N,)"""
        return np.bincount(self.crowd.image[self.turn >= 0], minlength=len(self.truth))

    def first(self, count: Ints) -> Crowd:
        """The crowd with so many answers (N,) to each ordinary image."""
        ordinary = self.turn >= 0
        keep = ~ordinary
        keep[ordinary] = self.turn[ordinary] < count[self.crowd.image[ordinary]]
        return replace(
            self.crowd,
            image=self.crowd.image[keep],
            annotator=self.crowd.annotator[keep],
            points=self.crowd.points[keep],
        )

    def error(self, merged: MergedCrowd) -> Floats:
        """True mean error of each image (N,), as a share of the eyes' distance."""
        points = merged.points[np.searchsorted(merged.image, np.arange(len(self.truth)))]
        return np.asarray(np.nanmean(np.linalg.norm(points - self.truth, axis=-1), axis=1) / self.iod)


def reveal(case: Path, *, order: int) -> Revealed:
    """Read a case and put the answers to each image in a random order, the same for the same number `order`."""
    crowd = read(case)
    with np.load(case.with_suffix(".truth.npz")) as file:
        truth, iod = np.asarray(file["points"], np.float64), np.asarray(file["iod"], np.float64)
    shuffled = np.random.default_rng(order).permutation(len(crowd.image))
    by_image = shuffled[np.argsort(crowd.image[shuffled], kind="stable")]
    image = crowd.image[by_image]
    turn = np.empty(len(image), np.int64)
    turn[by_image] = np.arange(len(image)) - np.searchsorted(image, image)
    turn[crowd.image >= len(truth)] = -1
    return Revealed(crowd=crowd, turn=turn, truth=truth, iod=iod)


def compare(case: Path, *, order: int) -> Iterator[dict[str, object]]:
    """What each fixed overlap reaches, and how many answers it takes to match fixed overlap of EQUALS by doubt."""
    answers = reveal(case, order=order)
    matched = 0.0
    for line in fixed(answers):
        if line["overlap"] == f"fixed {EQUALS}":
            matched = float(str(line["p95"]))
        yield {"case": case.stem, "order": order, **line}
    if matched:
        yield {"case": case.stem, "order": order, **dynamic(answers, p95=matched)}


def fixed(answers: Revealed) -> Iterator[dict[str, object]]:
    """What equally many answers to each image reach."""
    for k in range(FIRST, int(answers.number.max()) + 1):
        count = np.full(len(answers.truth), k)
        error = answers.error(Reliability().merge_all(answers.first(count)))
        yield {"overlap": f"fixed {k}", **_figures(error, count)}


def dynamic(answers: Revealed, *, p95: float) -> dict[str, object]:
    """The target, found by halving, at which the worst images are as good as `p95`, and what that takes."""
    count = np.full(len(answers.truth), FIRST)
    crowd = answers.first(count)
    choice = choose(crowd)
    begun = Reliability(choice=choice).merge_all(crowd)
    predicted = predicted_error(begun, crowd)[: len(count)]
    low, high = float(np.quantile(predicted, 0.02)) / 2, float(np.quantile(predicted, 0.9))
    best: dict[str, object] = {"overlap": "dynamic", "answers": None}
    for _ in range(SEARCHES):
        target = (low * high) ** 0.5
        error, asked = ask_until(target, answers, choice, begun)
        reached = float(np.quantile(error, 0.95))
        if reached <= p95:
            low = target
            best = {"overlap": "dynamic", "target": target, **_figures(error, asked)}
            if reached >= p95 * (1 - CLOSE):
                break
        else:
            high = target
    return best


def ask_until(target: float, answers: Revealed, choice: Choice, begun: MergedCrowd) -> tuple[Floats, Ints]:
    """Ask one person more wherever the predicted error is above the target; each image's error and answers (N,)."""
    count = np.full(len(answers.truth), FIRST)
    merged = begun
    while True:
        sure = predicted_error(merged, answers.crowd)[: len(count)] <= target  # NaN is not
        doubtful = ~sure & (count < answers.number)
        if not doubtful.any():
            return answers.error(merged), count
        count = count + doubtful
        merged = Reliability(choice=choice).merge_all(answers.first(count))


def predicted_error(merged: MergedCrowd, crowd: Crowd) -> Floats:
    """How far off each merged image thinks its points are on the mean, as a share of its eyes' distance. (m,)"""
    spread = MEAN_OF_NORMAL * np.sqrt(np.trace(merged.covariance, axis1=-2, axis2=-1))
    return np.asarray(np.nanmean(spread, axis=1) / np.maximum(size_of(merged.points, crowd), 1e-9))


def size_of(points: Floats, crowd: Crowd) -> Floats:
    """How far apart the middles of the eyes were merged; the mean radius of shapes that have no eyes. (m,) px"""
    if crowd.mirror is not None and crowd.group is not None and (crowd.group == EYES).any():
        one = np.flatnonzero((crowd.group == EYES) & (np.arange(len(crowd.mirror)) < crowd.mirror))
        return np.asarray(np.linalg.norm(np.nanmean(points[:, one] - points[:, crowd.mirror[one]], axis=1), axis=-1))
    centre = np.nanmean(points, axis=1, keepdims=True)
    return np.asarray(np.sqrt(np.nanmean(((points - centre) ** 2).sum(axis=-1), axis=1)))


def _figures(error: Floats, count: Ints) -> dict[str, object]:
    shares = {str(k): round(float(np.mean(count == k)), 3) for k in np.unique(count)}
    return {
        "answers": float(count.mean()),
        "nme": float(error.mean()),
        "p95": float(np.quantile(error, 0.95)),
        "fail08": float(np.mean(error > 0.08)),
        "share_of_images_by_answers": shares,
    }
