"""Photographs in a folder: with the 68 points of a program in XML files, or with checked ones in .pts files."""

import xml.parsers.expat
from dataclasses import dataclass, field
from pathlib import Path

from PIL import Image

from orchestrator.replay.recording import Answer, Asset, Recording, Unreadable, distance_between
from projects.schemas import presets

COUNT = 68
PEOPLE = ("first", "second")  # both submit the same, so that merging must give it back
PICTURES = {".jpg", ".ppm"}
SECONDS = 60.0

Placed = list[list[float] | None]


def read(folder: Path) -> Recording:
    """A picture that came without points goes the same way with a stand-in, marked as an estimate."""
    pictures = sorted(file for file in folder.iterdir() if file.suffix in PICTURES)
    known = {name: points for xml in sorted(folder.glob("*.xml")) for name, points in read_xml(xml).items()}
    originals = {file.name: file.with_suffix(".pts") for file in pictures if file.with_suffix(".pts").exists()}
    known |= {name: read_pts(file) for name, file in originals.items()}
    if not pictures or not known:
        raise Unreadable(f"{folder} holds no pictures with points.")
    answers = []
    for picture in pictures:
        is_known = picture.name in known
        points = inside(known[picture.name], picture) if is_known else stand_in(picture)
        visibility = [0 if point is None else 2 if is_known else 1 for point in points]
        answers += [
            Answer(person=person, asset=picture.name, points=points, visibility=visibility, seconds=SECONDS)
            for person in PEOPLE
        ]
    return Recording(
        source="faces",
        preset="ibug68",
        landmarks=(),
        assets=[Asset(key=picture.name, file=picture) for picture in pictures],
        answers=answers,
        unit=distance_between(36, 45),
        originals=originals,
        reviewed="somebody",
    )


def stand_in(picture: Path) -> Placed:
    """The preset's mean face in the middle of the picture, as tall as half of it."""
    preset = presets.load("ibug68")
    shape = [preset["reference"][point["key"]] for point in preset["points"]]
    low = [min(values) for values in zip(*shape, strict=True)]
    high = [max(values) for values in zip(*shape, strict=True)]
    with Image.open(picture) as image:
        width, height = image.size
    scale = 0.5 * min(width, height) / max(high[0] - low[0], high[1] - low[1])
    middle = (low[0] + high[0]) / 2, (low[1] + high[1]) / 2
    return [[width / 2 + scale * (x - middle[0]), height / 2 + scale * (y - middle[1])] for x, y in shape]


def inside(points: Placed, picture: Path) -> Placed:
    """A program may place points beyond the edge; a person cannot."""
    with Image.open(picture) as image:
        width, height = image.size
    return [
        point if point and -0.5 <= point[0] <= width - 0.5 and -0.5 <= point[1] <= height - 0.5 else None
        for point in points
    ]


def read_pts(file: Path) -> Placed:
    """The file counts pixels from 1."""
    body = file.read_text().partition("{")[2].partition("}")[0]
    points = [[float(number) - 1.0 for number in line.split()] for line in body.strip().splitlines()]
    if len(points) != COUNT or any(len(point) != 2 for point in points):
        raise Unreadable(f"{file}: {COUNT} points are expected.")
    return list(points)


@dataclass
class _Face:
    area: int
    points: dict[int, list[float]] = field(default_factory=dict)


def read_xml(file: Path) -> dict[str, Placed]:
    """Picture -> the points of its largest box."""
    faces: dict[str, list[_Face]] = {}

    def start(tag: str, given: dict[str, str]) -> None:
        if tag == "image":
            faces[given["file"]] = []
        elif tag == "box":
            list(faces.values())[-1].append(_Face(int(given["width"]) * int(given["height"])))
        elif tag == "part":
            list(faces.values())[-1][-1].points[int(given["name"])] = [float(given["x"]), float(given["y"])]

    def refuse(*_: object) -> None:
        raise Unreadable(f"{file} declares a document type: that is refused, it can make a small file huge.")

    parser = xml.parsers.expat.ParserCreate()
    parser.StartElementHandler = start
    parser.StartDoctypeDeclHandler = refuse
    try:
        parser.Parse(file.read_bytes(), True)
    except xml.parsers.expat.ExpatError as error:
        raise Unreadable(f"{file} is not XML: {error}") from error
    largest = {name: max(found, key=lambda face: face.area) for name, found in faces.items() if found}
    return {name: [face.points.get(number) for number in range(COUNT)] for name, face in largest.items()}
