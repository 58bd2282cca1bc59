"""What a writer is given: plain values, so that formats know neither tables nor storage."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

COORDINATES = (
    "Pixels of the upright image, x to the right, y down, 0-based, the origin "
    "(0, 0) in the centre of the top-left pixel."
)
VISIBILITY = "0 = not labelled, 1 = occluded (placed by estimate), 2 = visible."


@dataclass(frozen=True, kw_only=True)
class Header:
    """Facts about the release as a whole."""

    release: str
    version: int
    name: str
    project: str
    project_id: str
    client: str
    frozen_at: str  # RFC 3339
    items: int
    software: str
    schema: Mapping[str, Any]  # as LandmarkSchema.to_dict() gives it, with its version

    @property
    def point_keys(self) -> list[str]:
        return [point["key"] for point in self.schema["points"]]


@dataclass(frozen=True, kw_only=True, slots=True)
class FrozenItem:
    """One asset's label; points in px as COORDINATES says, covariance in px squared, both in the schema's order."""

    number: int  # 1, 2, … in the order of the files
    key: str
    sha256: str | None
    url: str
    width: int | None
    height: int | None
    subject_id: str
    sequence: str
    frame: int | None
    metadata: Mapping[str, Any]
    points: Sequence[Sequence[float] | None]
    visibility: Sequence[int]
    covariance: Sequence[Sequence[float] | None] | None  # [xx, xy, yx, yy]
    answers: int
    agreement: float | None
    provenance: Mapping[str, Any]


def canonical(value: object) -> bytes:
    """JSON whose bytes depend on the value alone; every float64 reads back as the same number."""
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    return text.encode()
