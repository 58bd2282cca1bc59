"""5 specimens, 5 times each, by 185 people with names: experts, students and strangers; 27 landmarks."""

import csv
from collections import defaultdict
from pathlib import Path

import numpy as np

from orchestrator.replay.recording import Answer, Asset, Points, Recording, Unreadable, box_diagonal

COLUMNS = ["specimen", "annotator", "role", "repeat", "landmark", "x", "y", "seconds"]
EXPERT = "morphologist"


def read(path: Path) -> Recording:
    """A repeat by the same person is an asset of its own: nobody answers the same asset twice."""
    placed: dict[tuple[str, str], dict[str, list[float]]] = defaultdict(dict)
    seconds: dict[tuple[str, str], float] = {}
    roles: dict[str, str] = {}
    with path.open(newline="") as stream:
        rows = csv.DictReader(stream)
        if rows.fieldnames != COLUMNS:
            raise Unreadable(f"{path}: columns {COLUMNS} are expected, not {rows.fieldnames}.")
        for row in rows:
            what = f"{row['specimen']}#{row['repeat']}", row["annotator"]
            placed[what][row["landmark"]] = [float(row["x"]), float(row["y"])]
            seconds[what] = float(row["seconds"])
            roles[row["annotator"]] = row["role"]
    landmarks = tuple(next(iter(placed.values())))
    for (key, person), points in placed.items():
        if points.keys() != set(landmarks):
            raise Unreadable(f"{person} at {key} has other landmarks than the rest.")
    answers = [
        Answer(
            person=person,
            asset=key,
            points=[points[landmark] for landmark in landmarks],
            visibility=[2] * len(landmarks),
            seconds=seconds[key, person],
        )
        for (key, person), points in placed.items()
    ]
    experts = frozenset(person for person, role in roles.items() if role == EXPERT)
    return Recording(
        source="fish",
        preset="fish27",
        landmarks=landmarks,
        assets=[Asset(key=key) for key in sorted({answer.asset for answer in answers})],
        answers=answers,
        unit=box_diagonal,
        experts=experts,
        gold=_medians(answers, experts),
    )


def specimen_of(key: str) -> str:
    return key.partition("#")[0]


def _medians(answers: list[Answer], experts: frozenset[str]) -> dict[str, Points]:
    """Per specimen the median of all that the experts said, whichever repeat; the same for each of its assets."""
    said: dict[str, list[list[list[float] | None]]] = defaultdict(list)
    for answer in answers:
        if answer.person in experts:
            said[specimen_of(answer.asset)].append(answer.points)
    medians = {specimen: np.median(np.array(points, float), axis=0) for specimen, points in said.items()}
    return {
        key: medians[specimen_of(key)] for key in {answer.asset for answer in answers} if specimen_of(key) in medians
    }
