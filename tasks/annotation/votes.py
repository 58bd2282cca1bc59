"""What is seen of a point is voted on by those who were asked for it; who was not has no vote."""

from collections.abc import Sequence
from typing import NamedTuple

OCCLUDED, VISIBLE = 1, 2


class Vote(NamedTuple):
    landmarks: Sequence[int] | None  # places that were asked; None = all
    visibility: Sequence[int]


def voted(merged: Sequence[int], votes: Sequence[Vote]) -> list[int]:
    """The visibility of a consensus, counted anew where not everybody was asked: a merger takes that for not seen.

    `merged` is 0 exactly where nobody placed the point, and stays so; elsewhere a point is visible only if more than
    half of those who were asked say so, and an estimate otherwise.
    """
    counted = list(merged)
    for place, seen in enumerate(merged):
        asked = [vote.visibility[place] for vote in votes if vote.landmarks is None or place in vote.landmarks]
        if seen and len(asked) < len(votes):
            counted[place] = VISIBLE if 2 * asked.count(VISIBLE) > len(asked) else OCCLUDED
    return counted
