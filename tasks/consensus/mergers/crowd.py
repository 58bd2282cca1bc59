"""What goes into a merger and what comes out, for many images at once."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from tasks.consensus.mergers.answers import Floats, Ints, checked_points


@dataclass(frozen=True)
class Contour:
    """Landmarks that follow one another along an outline."""

    points: tuple[int, ...]
    closed: bool


@dataclass(frozen=True, eq=False)
class Crowd:
    """The answers of many people on many images, one row an answer; the order of rows means nothing."""

    image: Ints  # (n,)
    annotator: Ints  # (n,)
    points: Floats  # (n, L, 2) px, NaN = not placed
    gold_image: Ints = field(default_factory=lambda: np.zeros(0, np.int64))  # (g,) images whose truth is known
    gold_points: Floats | None = None  # (g, L, 2) px
    template: Floats | None = None  # (t, L, 2) px: where the tool first drew the points of image 0 .. t-1
    mirror: Ints | None = None  # (L,) the landmark each becomes in the mirror image
    group: Ints | None = None  # (L,) which part of the shape each landmark belongs to
    contours: tuple[Contour, ...] = ()

    def __post_init__(self) -> None:
        points = checked_points(self.points)
        if points.ndim != 3:
            raise ValueError(f"points must be (answers, landmarks, 2), not {points.shape}.")
        n, count = points.shape[:2]
        self._store("points", points)
        self._store("image", _integers(self.image, "image", (n,)))
        self._store("annotator", _integers(self.annotator, "annotator", (n,)))
        gold = np.zeros((0, count, 2)) if self.gold_points is None else checked_points(self.gold_points, "gold_points")
        self._store("gold_image", _integers(self.gold_image, "gold_image", (len(gold),)))
        if gold.shape[1:] != (count, 2):
            raise ValueError(f"gold_points must have {count} landmarks like points, not the shape {gold.shape}.")
        if len(np.unique(self.gold_image)) != len(self.gold_image):
            raise ValueError("gold_image names an image twice.")
        self._store("gold_points", gold)
        if self.template is not None:
            template = checked_points(self.template, "template")
            if template.shape[1:] != (count, 2):
                raise ValueError(f"template must have {count} landmarks like points, not the shape {template.shape}.")
            self._store("template", template)
        if self.mirror is not None:
            mirror = _integers(self.mirror, "mirror", (count,))
            if not (((mirror >= 0) & (mirror < count)).all() and (mirror[mirror] == np.arange(count)).all()):
                raise ValueError("mirror must lead back to where it came from when applied twice.")
            self._store("mirror", mirror)
        if self.group is not None:
            group = _integers(self.group, "group", (count,))
            if (group < 0).any():
                raise ValueError("group must not be negative.")
            self._store("group", group)
        for contour in self.contours:
            if len(set(contour.points)) != len(contour.points) or not all(0 <= p < count for p in contour.points):
                raise ValueError("A contour repeats a landmark or names one that does not exist.")

    def _store(self, name: str, value: NDArray[np.generic]) -> None:
        object.__setattr__(self, name, value)


def _integers(values: object, name: str, shape: tuple[int, ...]) -> Ints:
    array = np.asarray(values)
    if array.shape != shape or (array.size and array.dtype.kind not in "iu"):
        raise ValueError(f"{name} must be whole numbers of the shape {shape}, not {array.dtype} of {array.shape}.")
    return array.astype(np.int64)


@dataclass(frozen=True, eq=False)
class MergedCrowd:
    """One merged answer an image, sorted by image; an error an annotator, sorted by annotator."""

    image: Ints  # (m,)
    points: Floats  # (m, L, 2) px; NaN where nobody placed the point
    points_data_only: Floats  # (m, L, 2) px: the same without any prior about shapes
    covariance: Floats  # (m, L, 2, 2) px^2
    annotator: Ints  # (a,)
    annotator_error: Floats  # (a,) larger = worse; NaN = nothing to judge by
    flag: NDArray[np.int8]  # (n,) for each row that went in
    weight: Floats  # (n,) each row's share of its image's say
    residual: Floats  # (n, L) px
    method: str
    version: str
    report: dict[str, object] = field(default_factory=dict)  # which parts were on, and what each gained
