"""150 faces, three worker slots each, 35 landmarks with a visibility code."""

import csv
from collections import defaultdict
from pathlib import Path

from orchestrator.replay.recording import Answer, Asset, Recording, Unreadable, distance_between

COLUMNS = ["image", "url", "worker", "landmark", "x", "y", "code"]
VISIBLE = "0"  # 1, 2 and 3 say in which way it was hidden


def read(path: Path) -> Recording:
    """Sizes of the pictures are not known and their addresses are dead: points beyond the edge are kept as they are."""
    points: dict[tuple[str, str], dict[str, tuple[list[float], int]]] = defaultdict(dict)
    urls: dict[str, str] = {}
    with path.open(newline="") as stream:
        rows = csv.DictReader(stream)
        if rows.fieldnames != COLUMNS:
            raise Unreadable(f"{path}: columns {COLUMNS} are expected, not {rows.fieldnames}.")
        for row in rows:
            key = f"lfpw-{row['image']:0>3}"
            urls.setdefault(key, row["url"])
            visibility = 2 if row["code"] == VISIBLE else 1
            points[key, row["worker"]][row["landmark"]] = ([float(row["x"]), float(row["y"])], visibility)
    landmarks = tuple(next(iter(points.values())))
    return Recording(
        source="lfpw",
        preset="lfpw35",
        landmarks=landmarks,
        assets=[Asset(key=key, url=url) for key, url in urls.items()],
        answers=[_answer(key, worker, placed, landmarks) for (key, worker), placed in points.items()],
        unit=distance_between(landmarks.index("left_eye_pupil"), landmarks.index("right_eye_pupil")),
    )


def _answer(key: str, worker: str, placed: dict[str, tuple[list[float], int]], landmarks: tuple[str, ...]) -> Answer:
    if placed.keys() != set(landmarks):
        raise Unreadable(f"{worker} at {key} has other landmarks than the rest.")
    return Answer(
        person=worker.replace("_", "-"),
        asset=key,
        points=[placed[landmark][0] for landmark in landmarks],
        visibility=[placed[landmark][1] for landmark in landmarks],
        seconds=0.0,  # not recorded
    )
