"""Every format that a release can be written in: to add one is a module, a line here and a golden file."""

from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from projects.deliveries.formats import coco, jsonl, pts
from projects.deliveries.formats.frozen import FrozenItem, Header

# Takes the items once, in order, and yields files one after the other: each path with the pieces of its content, which
# are read to the end before the next file is asked for. Equal items give equal bytes.
Writer = Callable[[Header, Iterable[FrozenItem]], Iterator[tuple[str, Iterator[bytes]]]]


class Format(NamedTuple):
    write: Writer
    about: str  # what a reader of the files must know; stands in the manifest


FORMATS: dict[str, Format] = {
    "coco": Format(coco.write, coco.ABOUT),
    "jsonl": Format(jsonl.write, jsonl.ABOUT),
    "pts": Format(pts.write, pts.ABOUT),
}
