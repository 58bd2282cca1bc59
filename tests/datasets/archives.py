"""Archives for tests, honest and hostile."""

import io
import stat
import zipfile

from tests.datasets.pictures import drawn, encoded


def packed(entries, compression=zipfile.ZIP_DEFLATED):
    """A zip of (name or ZipInfo, content) pairs."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", compression) as archive:
        for name, content in entries:
            archive.writestr(name, content)
    return out.getvalue()


def faces(count, start=0):
    return [(f"faces/{n:03}.png", encoded(drawn(seed=n))) for n in range(start, start + count)]


def link(name, target="/etc/passwd"):
    info = zipfile.ZipInfo(name)
    info.create_system = 3
    info.external_attr = (stat.S_IFLNK | 0o777) << 16
    return info, target


def encrypted(content, name="secret.png"):
    """An archive whose entry claims to be encrypted."""
    packed_ = bytearray(packed([(name, content)]))
    for magic, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        packed_[packed_.find(magic) + offset] |= 1
    return bytes(packed_)


def renamed(archive, was, becomes):
    """The archive with a name forged that zipfile itself would not write."""
    assert len(was) == len(becomes)
    return archive.replace(was.encode(), becomes.encode())
