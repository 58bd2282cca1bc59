"""COCO keypoints: `annotations.json`, one annotation per image."""

import tempfile
from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import Any

from projects.deliveries.formats.frozen import COORDINATES, VISIBILITY, FrozenItem, Header, canonical

CATEGORY = 1
IN_MEMORY = 2**20  # bytes of annotations kept before they go to a temporary file
PIECE = 2**16  # bytes
ABOUT = (
    f"annotations.json: COCO keypoints. {COORDINATES} Keypoints are written unchanged, without an offset of 0.5 or 1, "
    f"as x, y, v; v: {VISIBILITY} A keypoint that is not labelled is 0, 0, 0. bbox is the box around the labelled "
    "keypoints, not of the whole face. What COCO has no field for stands under `canthus`."
)


def write(header: Header, items: Iterable[FrozenItem]) -> Iterator[tuple[str, Iterator[bytes]]]:
    yield "annotations.json", _document(header, items)


def _document(header: Header, items: Iterable[FrozenItem]) -> Iterator[bytes]:
    """Images stream out at once; annotations, which come after all of them, wait in a temporary file."""
    yield b'{"info":' + canonical(_info(header)) + b',\n"licenses":[],\n"categories":'
    yield canonical([_category(header)]) + b',\n"images":['
    with tempfile.SpooledTemporaryFile(max_size=IN_MEMORY) as annotations:
        between = b"\n"
        for item in items:
            yield between + canonical(_image(item))
            annotations.write(between + canonical(_annotation(item)))
            between = b",\n"
        yield b'],\n"annotations":['
        annotations.seek(0)
        while piece := annotations.read(PIECE):
            yield piece
    yield b"]}\n"


def _info(header: Header) -> dict[str, Any]:
    return {
        "description": f"{header.project}, version {header.version}",
        "version": str(header.version),
        "year": int(header.frozen_at[:4]),
        "contributor": header.software,
        "date_created": header.frozen_at,
        "release": header.release,
        "about": ABOUT,
    }


def _category(header: Header) -> dict[str, Any]:
    return {
        "id": CATEGORY,
        "name": header.schema["name"],
        "supercategory": "landmarks",
        "keypoints": header.point_keys,
        "skeleton": _skeleton(header),
    }


def _skeleton(header: Header) -> list[list[int]]:
    """Edges along the contours; COCO counts keypoints from 1."""
    position = {key: number for number, key in enumerate(header.point_keys, start=1)}
    edges: list[list[int]] = []
    for contour in header.schema["contours"]:
        along = [position[key] for key in contour["points"]]
        if contour.get("closed"):
            along.append(along[0])
        edges.extend([a, b] for a, b in pairwise(along))
    return edges


def _image(item: FrozenItem) -> dict[str, Any]:
    image = {
        "id": item.number,
        "file_name": item.key,
        "width": item.width,
        "height": item.height,
        "sha256": item.sha256,
    }
    return image | ({"coco_url": item.url} if item.url else {})


def _annotation(item: FrozenItem) -> dict[str, Any]:
    keypoints: list[float] = []
    placed = []
    for point, seen in zip(item.points, item.visibility, strict=True):
        if point is None or seen == 0:
            keypoints.extend((0, 0, 0))
        else:
            keypoints.extend((point[0], point[1], seen))
            placed.append(point)
    box = _box(placed)
    return {
        "id": item.number,
        "image_id": item.number,
        "category_id": CATEGORY,
        "iscrowd": 0,
        "keypoints": keypoints,
        "num_keypoints": len(placed),
        "bbox": box,
        "area": box[2] * box[3],
        "canthus": {
            "covariance": item.covariance,
            "answers": item.answers,
            "agreement": item.agreement,
            "provenance": item.provenance,
        },
    }


def _box(points: list[Any]) -> list[float]:
    """x, y, width, height."""
    if not points:
        return [0, 0, 0, 0]
    xs, ys = [point[0] for point in points], [point[1] for point in points]
    return [min(xs), min(ys), max(xs) - min(xs), max(ys) - min(ys)]
