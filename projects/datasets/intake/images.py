"""Decodes and checks one picture, and writes it anew: upright, without metadata, nothing of the original bytes kept."""

import struct
import tempfile
import threading
import warnings
from dataclasses import dataclass
from typing import IO, Any

from django.conf import settings
from PIL import Image, ImageOps, JpegImagePlugin, UnidentifiedImageError

from projects.errors import Invalid, TooLarge

MAGIC: list[tuple[bytes, str]] = [
    (b"\xff\xd8\xff", "JPEG"),
    (b"\x89PNG\r\n\x1a\n", "PNG"),
    (b"RIFF", "WEBP"),  # and "WEBP" at byte 8
    (b"II*\0", "TIFF"),
    (b"MM\0*", "TIFF"),
    *((bytes([ord("P"), digit, space]), "PPM") for digit in b"123456" for space in b"\n \r\t"),
]
IN_MEMORY_BYTES = 4 * 2**20  # larger pictures lie in a temporary file while they are looked at
ONE_AT_A_TIME = 16 * 10**6  # pixels; so that several large pictures at once do not fill the memory
DAMAGE = (OSError, SyntaxError, ValueError, TypeError, IndexError, KeyError, EOFError, struct.error, OverflowError)
_large = threading.Lock()

Image.MAX_IMAGE_PIXELS = settings.MAX_IMAGE_PIXELS  # Pillow's own alarm, in case a decoder meets a second size
warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # ours is an error and comes first


class NotAnImage(Invalid):
    code = "not_an_image"


class Damaged(Invalid):
    code = "damaged_image"


class TooManyPixels(Invalid):
    code = "too_many_pixels"


class ManyFrames(Invalid):
    code = "many_frames"


class UnknownMode(Invalid):
    code = "unknown_pixel_format"


class ImageTooLarge(TooLarge):
    code = "image_too_large"


@dataclass(frozen=True)
class Picture:
    """An upright picture, encoded anew in `file`."""

    width: int  # px
    height: int  # px
    content_type: str
    bytes: int
    file: IO[bytes]


def kind_of(head: bytes) -> str | None:
    """The format by its first bytes (12 are enough); the name of a file says nothing."""
    for magic, kind in MAGIC:
        if head.startswith(magic) and (kind != "WEBP" or head[8:12] == b"WEBP"):
            return kind
    return None


def prepare(source: IO[bytes]) -> Picture:
    """Check and re-encode a picture; `source` can be seeked. Refuses whatever is not one whole, still picture."""
    source.seek(0)
    kind = kind_of(source.read(12))
    if kind is None:
        raise NotAnImage("This is not a JPEG, PNG, WebP, TIFF or PNM picture, whatever its name says.")
    try:
        source.seek(0)
        # JpegImageFile itself: Image.open would take a phone's JPEG with a preview behind it for many frames.
        image: Any = JpegImagePlugin.JpegImageFile(source) if kind == "JPEG" else Image.open(source, formats=[kind])
        width, height = image.size
    except Image.DecompressionBombError:
        raise TooManyPixels(_too_many("more")) from None
    except (*DAMAGE, UnidentifiedImageError):
        raise Damaged(f"This {kind} file is damaged: its header cannot be read. Send it again.") from None
    if width * height > settings.MAX_IMAGE_PIXELS:
        raise TooManyPixels(_too_many(f"{width} x {height}"))
    if getattr(image, "is_animated", False):
        raise ManyFrames(f"This {kind} file holds more than one picture. Send each as a file of its own.")
    if width * height > ONE_AT_A_TIME:
        with _large:
            return _rewrite(image, kind, source)
    return _rewrite(image, kind, source)


def _rewrite(image: Any, kind: str, source: IO[bytes]) -> Picture:
    try:
        image.load()
        upright = image if kind == "TIFF" else _turned(image)  # Pillow turns a TIFF while loading it
    except Image.DecompressionBombError:
        raise TooManyPixels(_too_many("more")) from None
    except DAMAGE as problem:
        raise Damaged(f"This {kind} file is damaged or not complete ({problem}). Send it again.") from None
    plain = in_known_mode(upright)
    how = _encoding(image, kind, lossless_webp=kind == "WEBP" and _is_lossless(source), untouched=plain is image)
    plain.info = {}  # comments, profiles and text would be written again
    file = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY_BYTES)  # noqa: SIM115 - the caller reads and closes it
    plain.save(file, **how)
    size = file.seek(0, 2)
    file.seek(0)
    return Picture(*plain.size, content_type=f"image/{how['format'].lower()}", bytes=size, file=file)


def _turned(image: Any) -> Any:
    try:
        orientation = image.getexif().get(0x0112, 1)
    except DAMAGE:  # metadata that cannot be read turns nothing
        orientation = 1
    return ImageOps.exif_transpose(image) if orientation in range(2, 9) else image


def in_known_mode(image: Any) -> Any:
    """The picture in 8 bits a channel: grey, grey with alpha, RGB or RGBA."""
    see_through = "transparency" in image.info
    if image.mode in {"L", "LA", "RGB", "RGBA"} and not see_through:
        return image
    if image.mode == "I" or image.mode.startswith("I;16"):
        return _in_eight_bits(image)
    if image.mode == "1":
        return image.convert("L")
    if image.mode in {"PA", "La", "RGBa"} or (see_through and image.mode in {"P", "L", "LA", "RGB", "RGBA"}):
        return image.convert("RGBA")
    if image.mode in {"P", "CMYK", "YCbCr", "RGBX"}:
        return image.convert("RGB")
    raise UnknownMode(f"Pixels of the kind {image.mode} cannot be shown. Send 8 or 16 bit grey or RGB.")


def _in_eight_bits(image: Any) -> Any:
    """Grey of more than 8 bits, scaled by the bits in use, so that a 12-bit picture is not all black."""
    wide = image.convert("I")
    low, high = wide.getextrema()
    if low < 0:
        raise UnknownMode("Grey levels below zero cannot be shown. Send 8 or 16 bit grey or RGB.")
    scale = 255 / (2 ** max(8, int(high).bit_length()) - 1)
    return wide.point(lambda level: level * scale + 0.5).convert("L")


def _encoding(image: Any, kind: str, *, lossless_webp: bool, untouched: bool) -> dict[str, Any]:
    """How to write it so that the pixels stay as near as possible to what came."""
    if kind == "JPEG" and untouched and image.mode in {"L", "RGB"}:
        sampling = JpegImagePlugin.get_sampling(image)  # as `quality="keep"` does
        return {"format": "JPEG", "qtables": image.quantization, "subsampling": max(sampling, 0)}
    if kind == "JPEG":
        return {"format": "JPEG", "quality": 95, "subsampling": 0}
    if kind == "WEBP" and not lossless_webp:
        return {"format": "WEBP", "quality": 95}
    return {"format": "PNG", "compress_level": 2}  # at 6 it takes four times as long to be a tenth smaller


def _is_lossless(source: IO[bytes]) -> bool:
    """Does this WebP file hold a lossless picture? Its chunks tell: `VP8L` or `VP8 `."""
    source.seek(12)
    while len(head := source.read(8)) == 8:
        name, size = head[:4], int.from_bytes(head[4:], "little")
        if name in {b"VP8L", b"VP8 "}:
            return name == b"VP8L"
        source.seek(size + size % 2, 1)
    return False


def _too_many(size: str) -> str:
    return f"The picture has {size} pixels; at most {settings.MAX_IMAGE_PIXELS} are taken. Send it smaller."
