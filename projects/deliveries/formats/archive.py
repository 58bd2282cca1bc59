"""A ZIP archive written as a stream: equal entries give equal bytes, and a million need no more memory than one.

The standard library's writer keeps the directory of all entries in memory until the end; this one keeps it in a
temporary file. Entries are stored, not compressed, because the compressed bytes depend on the version of zlib.
Layout: PKWARE's APPNOTE.TXT 6.3, sections 4.3 to 4.5, with ZIP64 where the 32-bit fields do not reach.
"""

import struct
import tempfile
import zlib
from collections.abc import Iterable, Iterator

LOCAL = struct.Struct("<IHHHHHIIIHH")
CENTRAL = struct.Struct("<IHHHHHHIIIHHHHHII")
END = struct.Struct("<IHHHHIIH")
END_64 = struct.Struct("<IQHHIIQQQQ")
LOCATOR_64 = struct.Struct("<IIQI")
OFFSET_64 = struct.Struct("<HHQ")
UTF8_NAME, STORED = 0x0800, 0
MIDNIGHT, FIRST_DAY = 0, 0x21  # 1980-01-01, the earliest that the format knows
UNIX, ZIP_2, ZIP_64 = 3 << 8, 20, 45
READABLE_FILE = 0o100644 << 16
MOST_16, MOST_32 = 0xFFFF, 0xFFFFFFFF
IN_MEMORY, PIECE = 2**20, 2**16  # bytes


def packed(entries: Iterable[tuple[str, bytes]]) -> Iterator[bytes]:
    """The bytes of an archive of (path, content) pairs, in their order; each content is less than 4 GiB."""
    count = offset = 0
    with tempfile.SpooledTemporaryFile(max_size=IN_MEMORY) as directory:
        for path, content in entries:
            name = path.encode()
            what = (UTF8_NAME, STORED, MIDNIGHT, FIRST_DAY, zlib.crc32(content), len(content), len(content), len(name))
            directory.write(_central(name, what, offset))
            start = LOCAL.pack(0x04034B50, ZIP_2, *what, 0) + name
            yield start
            yield content
            offset += len(start) + len(content)
            count += 1
        size = directory.tell()
        directory.seek(0)
        while piece := directory.read(PIECE):
            yield piece
    yield _end(count, size, offset)


def _central(name: bytes, what: tuple[int, ...], offset: int) -> bytes:
    far = offset >= MOST_32
    extra = OFFSET_64.pack(1, 8, offset) if far else b""
    needed = ZIP_64 if far else ZIP_2
    where = (len(extra), 0, 0, 0, READABLE_FILE, min(offset, MOST_32))
    return CENTRAL.pack(0x02014B50, UNIX | ZIP_64, needed, *what, *where) + name + extra


def _end(count: int, size: int, offset: int) -> bytes:
    large = b""
    if count >= MOST_16 or size >= MOST_32 or offset >= MOST_32:
        sizes = (count, count, size, offset)
        large = END_64.pack(0x06064B50, END_64.size - 12, UNIX | ZIP_64, ZIP_64, 0, 0, *sizes)
        large += LOCATOR_64.pack(0x07064B50, 0, offset + size, 1)
    few = min(count, MOST_16)
    return large + END.pack(0x06054B50, 0, 0, few, few, min(size, MOST_32), min(offset, MOST_32), 0)
