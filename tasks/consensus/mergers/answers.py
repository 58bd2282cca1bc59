"""What goes into a merger and what comes out, for one image."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

NOTHING, TEMPLATE, UNUSABLE, SWAP, SHIFT, COPY = (
    0,
    3,
    4,
    5,
    6,
    7,
)  # Flags of an answer; fixed by the array files.
NOT_LABELLED, OCCLUDED, VISIBLE = 0, 1, 2


def checked_points(points: object, name: str = "points") -> Floats:
    """Coordinates as float64 (..., 2), each either placed or NaN in both x and y; else ValueError."""
    xy = np.array(points, dtype=np.float64)  # A copy: a value must not change behind its owner's back.
    if xy.ndim < 2 or xy.shape[-1] != 2:
        raise ValueError(f"{name} must end in an axis of x and y, not have the shape {xy.shape}.")
    missing = np.isnan(xy)
    if np.isinf(xy).any():
        raise ValueError(f"{name} holds an infinite coordinate; write NaN for a point that was not placed.")
    if (missing[..., 0] != missing[..., 1]).any():
        raise ValueError(f"{name} holds a point with only one of its two coordinates.")
    return xy + 0.0  # No negative zero: the same place must have the same bits.


@dataclass(frozen=True, eq=False)
class Answers:
    """Independent answers to one image."""

    points: Floats  # (K, L, 2) px; NaN where the annotator left a point unplaced
    visibility: NDArray[np.int8] | None = None  # (K, L): 0 not labelled, 1 occluded, 2 visible
    annotators: tuple[str, ...] = ()  # who gave each answer; may be left out
    template: Floats | None = None  # (L, 2) px: where the tool first drew the points
    tolerance: Floats | None = None  # (L,) px: how far apart two careful people may be on each point

    def __post_init__(self) -> None:
        points = checked_points(self.points)
        if points.ndim != 3 or not len(points):
            raise ValueError(f"points must be (answers, landmarks, 2) with at least one answer, not {points.shape}.")
        if self.visibility is not None:
            codes = np.array(self.visibility, dtype=np.int8)
            if codes.shape != points.shape[:2] or not np.isin(codes, (NOT_LABELLED, OCCLUDED, VISIBLE)).all():
                raise ValueError("visibility must be 0, 1 or 2 for every point of every answer.")
            points[codes == NOT_LABELLED] = np.nan
            object.__setattr__(
                self,
                "visibility",
                np.where(np.isnan(points[..., 0]), NOT_LABELLED, codes),
            )
        if self.annotators and len(self.annotators) != len(points):
            raise ValueError("There must be as many annotators as answers.")
        if self.template is not None:
            template = checked_points(self.template, "template")
            if template.shape != points.shape[1:]:
                raise ValueError("template must hold one place for every point.")
            object.__setattr__(self, "template", template)
        if self.tolerance is not None:
            tolerance = np.array(self.tolerance, dtype=np.float64)
            if tolerance.shape != points.shape[1:2] or not (tolerance > 0).all() or np.isinf(tolerance).any():
                raise ValueError("tolerance must be a positive number of pixels for every point.")
            object.__setattr__(self, "tolerance", tolerance)
        object.__setattr__(self, "points", points)
        object.__setattr__(self, "annotators", tuple(str(name) for name in self.annotators))


@dataclass(frozen=True, eq=False)
class Merged:
    """One merged answer, how sure it is, and what it made of each answer that went in."""

    points: Floats  # (L, 2) px; NaN where nobody placed the point
    points_data_only: Floats  # (L, 2) px: the same without any prior about shapes
    covariance: Floats  # (L, 2, 2) px^2 of the error of `points`; NaN where the point is NaN
    visibility: NDArray[np.int8]  # (L,): 0 exactly where the point is NaN
    weights: Floats  # (K,) each answer's share of the say; they add up to 1
    residuals: Floats  # (K, L) px from the merged point; NaN where not placed
    flags: NDArray[np.int8]  # (K,)
    method: str
    version: str


def merged_visibility(placed: NDArray[np.bool_], visibility: NDArray[np.int8] | None) -> NDArray[np.int8]:
    """Visible only if more than half of all answers say so; otherwise a placed point is an estimate. (L,)"""
    anybody = placed.any(axis=0)
    if visibility is None:
        return np.where(anybody, VISIBLE, NOT_LABELLED).astype(np.int8)
    seen = 2 * np.count_nonzero(visibility == VISIBLE, axis=0) > len(placed)
    return np.where(anybody, np.where(seen, VISIBLE, OCCLUDED), NOT_LABELLED).astype(np.int8)
