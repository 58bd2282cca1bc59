"""300-W landmarks: one `.pts` file per item, 1-based, packed into one archive where there are many."""

import unicodedata
from collections.abc import Iterable, Iterator
from hashlib import blake2b

from projects.deliveries.formats.archive import packed
from projects.deliveries.formats.frozen import FrozenItem, Header

MOST_SINGLE_FILES = 1000  # more would make the list of files, and a download of each, unwieldy
LONGEST_STEM = 150  # bytes, so that any file system takes the name
ONE_BASED = 1.0  # 300-W counts pixels from 1
ABOUT = (
    "pts/NAME.pts: 300-W landmarks, one file per item, as single files up to "
    f"{MOST_SINGLE_FILES} items and in pts.zip beyond. 1-based: 1 was added to x and to y, so the centre of the "
    "top-left pixel is (1, 1). The format has no notion of a point that was not placed, so an item with such a point "
    "is left out. Under `pts` the manifest tells the file of each item, or why it was left out. The format has no "
    "place for visibility; coordinates have 6 decimals."
)
RESERVED = {"con", "prn", "aux", "nul", *(f"{port}{digit}" for port in ("com", "lpt") for digit in range(10))}


def write(header: Header, items: Iterable[FrozenItem]) -> Iterator[tuple[str, Iterator[bytes]]]:
    files = ((path, _text(item)) for item, path, _ in placed(header, items) if path)
    if header.items > MOST_SINGLE_FILES:
        yield "pts.zip", packed(files)
        return
    for path, text in files:
        yield path, iter((text,))


def placed(header: Header, items: Iterable[FrozenItem]) -> Iterator[tuple[FrozenItem, str, str]]:
    """Each item with the path of its file, or with "" and the reason why it has none.

    The first item with a name gets it as it is; a later one gets its own number behind a `~`, which no plain name has.
    """
    taken: set[bytes] = set()  # of digests, 8 bytes for a name of any length
    keys = header.point_keys
    for item in items:
        if missing := [key for key, point in zip(keys, item.points, strict=True) if point is None]:
            more = f" and {len(missing) - 5} more" if len(missing) > 5 else ""
            yield item, "", f"not placed: {', '.join(missing[:5])}{more}"
            continue
        stem = safe_stem(item.key)
        # Some file systems see no difference between A and a.
        digest = blake2b(stem.casefold().encode(), digest_size=8).digest()
        yield item, f"pts/{stem}~{item.number}.pts" if digest in taken else f"pts/{stem}.pts", ""
        taken.add(digest)


def safe_stem(key: str) -> str:
    """The key's last part without its ending, in letters, digits, `.`, `_` and `-` only."""
    last = unicodedata.normalize("NFC", key).replace("\\", "/").rstrip("/").rsplit("/", 1)[-1]
    stem = last.rpartition(".")[0] or last
    safe = "".join(letter if letter.isalnum() or letter in "._-" else "_" for letter in stem)
    safe = safe.encode()[:LONGEST_STEM].decode(errors="ignore").strip(".") or "_"
    return f"_{safe}" if safe.split(".")[0].casefold() in RESERVED or safe.startswith("-") else safe


def _text(item: FrozenItem) -> bytes:
    lines = [f"{point[0] + ONE_BASED:.6f} {point[1] + ONE_BASED:.6f}" for point in item.points if point is not None]
    return "\n".join(["version: 1", f"n_points:  {len(lines)}", "{", *lines, "}", ""]).encode()
