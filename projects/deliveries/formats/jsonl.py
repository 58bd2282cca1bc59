"""JSON Lines: `labels.jsonl`, one object per item with everything that is known about its label."""

from collections.abc import Iterable, Iterator

from projects.deliveries.formats.frozen import COORDINATES, VISIBILITY, FrozenItem, Header, canonical

ABOUT = (
    f"labels.jsonl: one JSON object a line. {COORDINATES} Points are in the schema's order, null where not placed. "
    f"Visibility: {VISIBILITY} Covariance: [xx, xy, yx, yy] in px squared."
)


def write(header: Header, items: Iterable[FrozenItem]) -> Iterator[tuple[str, Iterator[bytes]]]:
    yield "labels.jsonl", (_line(item) for item in items)


def _line(item: FrozenItem) -> bytes:
    return (
        canonical(
            {
                "key": item.key,
                "sha256": item.sha256,
                "url": item.url or None,
                "width": item.width,
                "height": item.height,
                "points": item.points,
                "visibility": item.visibility,
                "covariance": item.covariance,
                "answers": item.answers,
                "agreement": item.agreement,
                "provenance": item.provenance,
                "subject_id": item.subject_id or None,
                "sequence": item.sequence or None,
                "frame": item.frame,
                "metadata": item.metadata,
            }
        )
        + b"\n"
    )
