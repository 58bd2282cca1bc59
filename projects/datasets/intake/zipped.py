"""Looks into a zip without trusting it: counts what it really lists, and reads an entry whatever is wrong with it."""

import lzma
import stat
import struct
import zipfile
import zlib
from typing import IO

from projects.errors import Invalid

TAIL_BYTES = 22 + 65_535  # the end record and the longest comment
READING = (
    zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, NotImplementedError, RuntimeError, OSError, ValueError,
    struct.error,
)  # fmt: skip


class NotAZip(Invalid):
    code = "not_a_zip"


class DamagedEntry(Invalid):
    code = "damaged_entry"


def count_entries(file: IO[bytes], *, most: int) -> int:
    """How many entries the directory lists, at most `most` + 1; in constant memory (`zipfile` keeps them all)."""
    start, size = _directory(file)
    file.seek(start)
    count = read = 0
    while read + 46 <= size and count <= most:
        head = file.read(46)
        if len(head) < 46 or head[:4] != b"PK\x01\x02":
            break
        more = sum(struct.unpack("<3H", head[28:34]))  # name, extra field, comment
        file.seek(more, 1)
        read += 46 + more
        count += 1
    return count


def _directory(file: IO[bytes]) -> tuple[int, int]:
    """Where the directory begins and how long it is, found as `zipfile` finds it: from the end."""
    length = file.seek(0, 2)
    at = max(0, length - TAIL_BYTES)
    file.seek(at)
    tail = file.read(TAIL_BYTES)
    found = tail.rfind(b"PK\x05\x06")
    if found < 0 or len(tail) - found < 22:
        raise NotAZip("This is not a whole zip archive: it has no directory at its end. Send it again.")
    (size,) = struct.unpack("<L", tail[found + 12 : found + 16])
    end = at + found
    locator = end - 20
    if locator >= 0:
        file.seek(locator)
        if file.read(4) == b"PK\x06\x07":  # zip64: the true record lies before
            file.seek(locator - 56)
            record = file.read(56)
            if record[:4] == b"PK\x06\x06":
                (size,) = struct.unpack("<Q", record[40:48])
                end = locator - 56
    if size > end:
        raise NotAZip("The directory of this zip archive is damaged. Send it again.")
    return end - size, size


def is_link(info: zipfile.ZipInfo) -> bool:
    mode = info.external_attr >> 16
    return stat.S_IFMT(mode) not in {0, stat.S_IFREG}


class Entry:
    """An entry that is read like a file; what breaks inside it is a refusal, not a fault."""

    def __init__(self, archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> None:
        try:
            self.content = archive.open(info)
        except READING as problem:
            raise _damaged(info.filename, problem) from None
        self.name = info.filename

    def read(self, size: int = -1) -> bytes:
        try:
            return self.content.read(size)
        except READING as problem:
            raise _damaged(self.name, problem) from None

    def close(self) -> None:
        self.content.close()


def _damaged(name: str, problem: BaseException) -> DamagedEntry:
    return DamagedEntry(f"This entry of the archive cannot be unpacked ({problem}). Pack it again.")
