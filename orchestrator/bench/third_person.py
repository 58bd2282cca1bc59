"""LFPW's real faces: two people's answers merged to foretell what the third, who is nobody's gold, said."""

import csv
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from tasks.consensus.mergers.answers import Floats, Ints
from tasks.consensus.mergers.baselines import BASELINES
from tasks.consensus.mergers.crowd import Crowd
from tasks.consensus.mergers.reliability import Reliability

COLUMNS = {"image", "worker", "landmark", "x", "y"}
PARTS = ("chin", "eyebrow", "nose", "eye", "mouth")
EARS = "ear_"  # Six of the 35 points lie on the ears, and are guesses where hair covers them.
PUPILS = ("left_eye_pupil", "right_eye_pupil")

Method = Callable[[Crowd], Floats]


def _first_person(crowd: Crowd) -> Floats:
    return crowd.points[np.unique(crowd.image, return_index=True)[1]]


METHODS: dict[str, Method] = {
    "reliability": lambda crowd: Reliability().merge_all(crowd).points,
    "reliability, no shape prior": lambda crowd: Reliability().merge_all(crowd).points_data_only,
    "one of the two": _first_person,
    **BASELINES,
}


class BadFile(ValueError):
    """The file is not LFPW's; the message says why."""


@dataclass(frozen=True, eq=False)
class Faces:
    """The answers of three people, not the same three on every face."""

    points: Floats  # (3, faces, L, 2) px
    mirror: Ints  # (L,)
    group: Ints  # (L,)
    pupils: tuple[int, int]


def read_faces(path: Path) -> Faces:
    """Read annotations.csv, or the folder that holds it; BadFile if it is not LFPW's."""
    file = path / "annotations.csv" if path.is_dir() else path
    try:
        with file.open(newline="") as stream:
            rows = [row for row in csv.DictReader(stream) if row.keys() >= COLUMNS and EARS not in row["landmark"]]
    except (OSError, UnicodeDecodeError) as error:
        raise BadFile(f"{file} cannot be read: {error}.") from error
    names = sorted({row["landmark"] for row in rows})
    workers = sorted({row["worker"] for row in rows})
    if len(workers) != 3 or not set(PUPILS) <= set(names):
        raise BadFile(f"{file} does not hold three workers' points of faces with their pupils.")
    images = sorted({row["image"] for row in rows}, key=lambda key: (len(key), key))
    face = {key: i for i, key in enumerate(images)}
    points = np.full((3, len(images), len(names), 2), np.nan)
    for row in rows:
        where = workers.index(row["worker"]), face[row["image"]], names.index(row["landmark"])
        points[where] = float(row["x"]), float(row["y"])
    return Faces(
        points=points,
        mirror=np.array([names.index(_mirrored(name, names)) for name in names]),
        group=np.array([next(i for i, part in enumerate(PARTS) if part in name) for name in names]),
        pupils=(names.index(PUPILS[0]), names.index(PUPILS[1])),
    )


def _mirrored(name: str, names: list[str]) -> str:
    other = {"left": "right", "right": "left"}
    side, _, rest = name.partition("_")
    twin = f"{other.get(side, side)}_{rest}" if rest else name
    return twin if twin in names else name


def foretell(faces: Faces) -> Iterator[dict[str, object]]:
    """Each method's distance from the person kept back, as a share of the distance of that person's own pupils."""
    for name, merge in METHODS.items():
        error = np.concatenate([_errors(faces, kept_back, merge) for kept_back in range(3)])
        yield {
            "case": "lfpw",
            "method": name,
            "nme": float(np.mean(np.nanmean(error, axis=1))) if not np.isnan(error).all(axis=1).any() else None,
            "median": float(np.nanmedian(error)) if not np.isnan(error).all() else None,
            "p95": float(np.nanquantile(error, 0.95)) if not np.isnan(error).all() else None,
            "missing": float(np.isnan(error).mean()),
            "faces": len(error) // 3,
        }


def _errors(faces: Faces, kept_back: int, merge: Method) -> Floats:
    """(faces, L)"""
    whole = ~np.isnan(faces.points).any(axis=(0, 2, 3))
    third = faces.points[kept_back][whole]
    two = np.delete(faces.points[:, whole], kept_back, axis=0)
    number = len(third)
    crowd = Crowd(
        image=np.tile(np.arange(number), 2),
        annotator=np.arange(2 * number),  # Nobody knows who answered twice, so nobody did.
        points=two.reshape(2 * number, *third.shape[1:]),
        mirror=faces.mirror,
        group=faces.group,
    )
    left, right = faces.pupils
    apart = np.linalg.norm(third[:, left] - third[:, right], axis=-1)
    return np.asarray(np.linalg.norm(merge(crowd) - third, axis=-1) / apart[:, None])
