"""What is in a release and how to read it: `manifest.json`, and `SHA256SUMS` for `sha256sum --check`."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from projects.deliveries.formats import FORMATS, pts
from projects.deliveries.formats.frozen import COORDINATES, VISIBILITY, FrozenItem, Header, canonical
from projects.deliveries.models import ReleaseFile

FIGURES = ("items", "answers", "checked_layers", "methods", "corrected", "agreement")


def manifest(
    header: Header,
    *,
    formats: Sequence[str],
    figures: Mapping[str, Any],
    files: Sequence[ReleaseFile],
    items: Iterable[FrozenItem],
) -> Iterator[bytes]:
    """All facts first; then, where there are `.pts` files, each item's file or why it has none."""
    facts = {
        "release": {
            "id": header.release,
            "version": header.version,
            "name": header.name,
            "frozen_at": header.frozen_at,
        },
        "project": {"id": header.project_id, "name": header.project},
        "client": header.client,
        "software": header.software,
        "coordinates": COORDINATES,
        "visibility": VISIBILITY,
        "schema": header.schema,
        "items": header.items,
        "counts": {name: figures[name] for name in FIGURES},
        "formats": {form: FORMATS[form].about for form in formats},
        "files": [
            {"path": file.path, "bytes": file.bytes, "sha256": file.sha256, "format": file.format} for file in files
        ],
    }
    between = b"{\n"
    for name, value in facts.items():
        yield between + canonical(name) + b":" + canonical(value)
        between = b",\n"
    if "pts" in formats:
        yield b',\n"pts":['
        between = b"\n"
        for item, path, reason in pts.placed(header, items):
            yield between + canonical({"key": item.key} | ({"file": path} if path else {"left_out": reason}))
            between = b",\n"
        yield b"]"
    yield b"\n}\n"


def checksums(files: Iterable[ReleaseFile]) -> Iterator[bytes]:
    for file in files:
        yield f"{file.sha256}  {file.path}\n".encode()
