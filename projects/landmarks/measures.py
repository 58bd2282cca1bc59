"""Errors of many shapes in a few figures."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from projects.landmarks.distance import mean_placed
from projects.landmarks.schema import LandmarkSchema
from projects.landmarks.shape import Floats

FAILURE_ABOVE = 0.1  # NME of outer eye corners; the limit customary for WFLW.


@dataclass(frozen=True)
class Summary:
    """Of normalised mean errors, one per shape; NaN all through if no shape could be measured."""

    shapes: int  # That could be measured.
    mean: float
    median: float
    p95: float
    failures: float  # Share of shapes above the limit.
    area: float  # Under the cumulative curve up to the limit, over the limit: 1 is perfect.


def summarise(errors: Floats, *, failure_above: float = FAILURE_ABOVE) -> Summary:
    """Takes NMEs (shape,), NaN where there is none."""
    known = errors[~np.isnan(errors)]
    if not len(known):
        return Summary(0, *[float("nan")] * 5)
    return Summary(
        shapes=len(known),
        mean=float(known.mean()),
        median=float(np.median(known)),
        p95=float(np.quantile(known, 0.95)),
        failures=float((known > failure_above).mean()),
        # The curve is a staircase, so its area is exact without any grid.
        area=float(np.clip(1 - known / failure_above, 0, 1).mean()),
    )


def mean_per_point(errors: Floats) -> Floats:
    """Mean of errors (shape, point) over the shapes: (point,); NaN for a point never placed."""
    return mean_placed(errors.T)


def mean_per_region(errors: Floats, schema: LandmarkSchema) -> dict[str, float]:
    """Mean of errors (shape, point) over the shapes and the points of each region."""
    return {
        region: float(mean_placed(errors[:, list(positions)].ravel())) for region, positions in schema.regions.items()
    }
