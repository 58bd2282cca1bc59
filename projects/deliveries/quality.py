"""Figures about a release's labels, as `quality.json` and the manifest tell them: counted, not judged."""

import math
from collections import Counter
from collections.abc import Iterable
from typing import Any

from projects.deliveries.formats.frozen import FrozenItem, Header

TENTHS = 10
ABOUT = (
    "covariance: the uncertainty of the delivered point, [xx, xy, yx, yy] in px squared, as a mean over the `measured` "
    "items that have one; ellipse: its half axes (one standard deviation, px) and the direction of the longer, in "
    "radians from x towards y. agreement: mean object keypoint similarity over the pairs of answers of an item, from 0 "
    "to 1; tenths[i] counts items from i/10 up to (i + 1)/10, 1 in the last."
)


class PointFigures:
    """Sums over the items for one landmark."""

    def __init__(self) -> None:
        self.visibility = [0, 0, 0]
        self.measured = 0
        self.xx = self.xy = self.yy = 0.0

    def add(self, seen: int, covariance: Any) -> None:
        self.visibility[seen] += 1
        if covariance is not None:
            self.measured += 1
            self.xx += covariance[0]
            self.xy += covariance[1]
            self.yy += covariance[3]

    def told(self) -> dict[str, Any]:
        figures: dict[str, Any] = {
            "not_labelled": self.visibility[0],
            "occluded": self.visibility[1],
            "visible": self.visibility[2],
            "measured": self.measured,
            "covariance": None,
            "ellipse": None,
        }
        if self.measured:
            xx, xy, yy = self.xx / self.measured, self.xy / self.measured, self.yy / self.measured
            figures |= {"covariance": [xx, xy, xy, yy], "ellipse": ellipse(xx, xy, yy)}
        return figures


def ellipse(xx: float, xy: float, yy: float) -> dict[str, Any]:
    """Half axes (longer first) and direction of the one-standard-deviation ellipse of a covariance."""
    middle, reach = (xx + yy) / 2, math.hypot((xx - yy) / 2, xy)
    axes = [math.sqrt(max(0.0, middle + reach)), math.sqrt(max(0.0, middle - reach))]
    return {"half_axes": axes, "direction": math.atan2(2 * xy, xx - yy) / 2}


def measure(header: Header, items: Iterable[FrozenItem]) -> dict[str, Any]:
    """One pass over the items, a few numbers per landmark in memory."""
    points = [PointFigures() for _ in header.schema["points"]]
    answers: Counter[int] = Counter()
    layers: Counter[int] = Counter()
    methods: Counter[str] = Counter()
    tenths = [0] * TENTHS
    corrected, sum_of_agreement, least = 0, 0.0, None
    for item in items:
        answers[item.answers] += 1
        layers[item.provenance["checked_layers"]] += 1
        methods[f"{item.provenance['method']} {item.provenance['method_version']}".strip()] += 1
        corrected += item.provenance["corrected"]
        if item.agreement is not None:
            tenths[min(max(int(item.agreement * TENTHS), 0), TENTHS - 1)] += 1
            sum_of_agreement += item.agreement
            least = item.agreement if least is None else min(least, item.agreement)
        covariances = item.covariance or [None] * len(points)
        for point, seen, covariance in zip(points, item.visibility, covariances, strict=True):
            point.add(seen, covariance)
    known = sum(tenths)
    return {
        "about": ABOUT,
        "items": sum(answers.values()),
        "answers": {str(count): items for count, items in sorted(answers.items())},
        "checked_layers": {str(count): items for count, items in sorted(layers.items())},
        "methods": dict(sorted(methods.items())),
        "corrected": corrected,
        "agreement": {
            "known": known,
            "mean": sum_of_agreement / known if known else None,
            "least": least,
            "tenths": tenths,
        },
        "points": [{"key": key, **point.told()} for key, point in zip(header.point_keys, points, strict=True)],
    }
