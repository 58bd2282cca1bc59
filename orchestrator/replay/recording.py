"""What was recorded elsewhere, whatever file it came in: assets, people's answers, perhaps what experts said."""

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Points = NDArray[np.float64]


class Unreadable(Exception):
    """The file is not the recording that was announced."""


@dataclass(frozen=True, kw_only=True)
class Asset:
    key: str
    url: str | None = None
    file: Path | None = None  # uploaded where there is one, registered by description otherwise


@dataclass(frozen=True, kw_only=True)
class Answer:
    person: str
    asset: str
    points: list[list[float] | None]  # in the order of `Recording.landmarks`
    visibility: list[int]
    seconds: float


@dataclass(frozen=True, kw_only=True)
class Recording:
    source: str
    preset: str
    landmarks: tuple[str, ...]  # keys in the order of the answers' points; none = the preset's own order
    assets: list[Asset]
    answers: list[Answer]
    unit: Callable[[Points], float]  # what errors are a share of, measured on one set of points
    experts: frozenset[str] = frozenset()
    gold: Mapping[str, Points] = field(default_factory=dict)  # by asset: the experts' median
    originals: Mapping[str, Path] = field(default_factory=dict)  # by asset: the .pts file that must come out again
    reviewed: str = "nobody"  # "nobody": accepted when merged; "somebody": a reviewer accepts each

    def overlaps(self) -> dict[int, list[str]]:
        """How many people did it -> the assets; assets that nobody did are not there."""
        did = Counter(answer.asset for answer in self.answers)
        groups: dict[int, list[str]] = defaultdict(list)
        for asset in self.assets:
            if did[asset.key]:
                groups[did[asset.key]].append(asset.key)
        return dict(groups)

    def by_person(self) -> dict[str, dict[str, Answer]]:
        """Person -> asset -> her answer."""
        theirs: dict[str, dict[str, Answer]] = defaultdict(dict)
        for answer in self.answers:
            if answer.asset in theirs[answer.person]:
                raise Unreadable(f"{answer.person} answered {answer.asset} twice.")
            theirs[answer.person][answer.asset] = answer
        return dict(theirs)

    def limited(self, *, assets: int | None = None, people: int | None = None) -> "Recording":
        """The first so many assets, done by the first so many people."""
        kept = self.assets[:assets]
        keys = {asset.key for asset in kept}
        answers = [answer for answer in self.answers if answer.asset in keys]
        chosen = set(list(dict.fromkeys(answer.person for answer in answers))[:people])
        return replace(self, assets=kept, answers=[answer for answer in answers if answer.person in chosen])


def distance_between(first: int, second: int) -> Callable[[Points], float]:
    return lambda points: float(np.hypot(*(points[first] - points[second])))


def box_diagonal(points: Points) -> float:
    return float(np.hypot(*(np.nanmax(points, axis=0) - np.nanmin(points, axis=0))))


def as_array(points: list[list[float] | None]) -> Points:
    """NaN where a point was not placed."""
    return np.array([point or (np.nan, np.nan) for point in points], float)
