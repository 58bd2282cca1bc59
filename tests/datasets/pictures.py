"""Pictures for tests, drawn or forged."""

import io
import struct
import zlib

from PIL import Image

ORIENTATION = 0x0112


def drawn(width=40, height=30, mode="RGB", seed=0):
    """A picture of which no turn or flip looks like another: a gradient with a marked corner."""
    image = Image.new("RGB", (width, height))
    image.putdata([((x * 5 + seed) % 256, (y * 7) % 256, (x + y) % 256) for y in range(height) for x in range(width)])
    image.paste((255, 0, 0), (0, 0, 8, 4))
    return image.convert(mode)


def encoded(image=None, kind="PNG", *, orientation=None, **how):
    image = image or drawn()
    out = io.BytesIO()
    if orientation is not None:
        exif = Image.Exif()
        exif[ORIENTATION] = orientation
        how["exif"] = exif
    image.save(out, kind, **how)
    return out.getvalue()


def stored_as(upright, orientation):
    """The picture as a camera held that way stores it: turning it by its orientation gives `upright`."""
    back = {
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }
    return upright.transpose(back[orientation]) if orientation in back else upright


def bomb(width=50_000, height=50_000):
    """A PNG of a kilobyte or so that claims to be huge."""

    def chunk(name, body):
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    rows = zlib.compress(bytes(2**20))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")
