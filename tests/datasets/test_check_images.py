"""Looking at one picture before it is taken."""

import contextlib
import io
import time

import pytest
from PIL import Image, ImageChops, ImageStat, PngImagePlugin

from projects.datasets.intake import images
from tests.datasets.pictures import bomb, drawn, encoded, stored_as

REFUSALS = (images.Damaged, images.NotAnImage, images.TooManyPixels, images.ManyFrames, images.UnknownMode)


def prepare(content):
    return images.prepare(io.BytesIO(content))


def opened(picture):
    return Image.open(picture.file)


def same(one, other):
    return (
        one.size == other.size and ImageChops.difference(one.convert("RGBA"), other.convert("RGBA")).getbbox() is None
    )


def most_different(one, other):
    return max(high for _, high in ImageChops.difference(one, other).getextrema())


@pytest.mark.parametrize(
    ("kind", "how", "becomes"),
    [
        ("PNG", {}, "image/png"),
        ("TIFF", {}, "image/png"),
        ("TIFF", {"compression": "tiff_lzw"}, "image/png"),
        ("PPM", {}, "image/png"),
        ("WEBP", {"lossless": True}, "image/png"),
    ],
)
def test_a_lossless_picture_stays_as_it_is_to_the_last_bit(kind, how, becomes):
    picture = prepare(encoded(drawn(), kind, **how))

    assert picture.content_type == becomes
    assert (picture.width, picture.height) == (40, 30)
    assert same(opened(picture), drawn())
    assert picture.bytes == picture.file.seek(0, io.SEEK_END)


@pytest.mark.parametrize(("kind", "limit"), [("JPEG", 0.5), ("WEBP", 1.5)])
def test_a_lossy_picture_stays_nearly_as_it_is(kind, limit):
    content = encoded(drawn(20, 16).resize((200, 160), Image.Resampling.BICUBIC), kind, quality=80)

    picture = prepare(content)

    assert picture.content_type == f"image/{kind.lower()}"
    change = ImageChops.difference(opened(picture).convert("RGB"), Image.open(io.BytesIO(content)).convert("RGB"))
    assert max(ImageStat.Stat(change).mean) <= limit  # grey levels of 256


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize(
    ("kind", "how"),
    [("PNG", {}), ("TIFF", {}), ("TIFF", {"compression": "tiff_lzw"}), ("WEBP", {"lossless": True})],
    ids=["png", "tiff", "tiff-lzw", "webp"],
)
def test_a_turned_picture_is_turned_upright_pixel_by_pixel(kind, how, orientation):
    content = encoded(stored_as(drawn(), orientation), kind, orientation=orientation, **how)

    picture = prepare(content)

    assert (picture.width, picture.height) == (40, 30)
    assert same(opened(picture), drawn())


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_turned_jpeg_is_turned_upright_once(orientation):
    sent = stored_as(drawn(64, 48), orientation)
    content = encoded(sent, "JPEG", orientation=orientation, quality=95, subsampling=0)

    picture = prepare(content)
    again = prepare(picture.file.read())

    assert (picture.width, picture.height) == (again.width, again.height) == (64, 48)
    came = Image.open(io.BytesIO(content))
    turned = (
        came.transpose(
            {2: 0, 3: 3, 4: 1, 5: 5, 6: 4, 7: 6, 8: 2}[
                orientation
            ]  # Image.Transpose, spelt apart from the code's own way
        )
        if orientation > 1
        else came
    )
    assert most_different(opened(picture), turned.convert("RGB")) <= 8


def test_what_a_picture_says_besides_its_pixels_is_left_out():
    exif = Image.Exif()
    exif[0x010E] = "SECRET description"
    exif.get_ifd(0x8825)[1] = "SECRET"
    text = PngImagePlugin.PngInfo()
    text.add_text("Comment", "SECRET", zip=False)
    text.add_itxt("XML:com.adobe.xmp", "<x>SECRET</x>")
    sent = [
        encoded(drawn(), "JPEG", exif=exif, comment=b"SECRET", icc_profile=b"SECRET profile", xmp=b"<x>SECRET</x>"),
        encoded(drawn(), "PNG", exif=exif, pnginfo=text, icc_profile=b"SECRET profile"),
        encoded(drawn(), "WEBP", exif=exif, xmp=b"<x>SECRET</x>", icc_profile=b"SECRET profile"),
        encoded(drawn(), "TIFF", exif=exif, description="SECRET"),
        encoded(drawn(), "PNG") + b"<script>SECRET</script>",
    ]

    for content in sent:
        kept = prepare(content).file.read()
        assert b"SECRET" in content or b"zTXt" in content or b"iTXt" in content
        assert b"SECRET" not in kept
        assert not Image.open(io.BytesIO(kept)).getexif()
        assert "icc_profile" not in Image.open(io.BytesIO(kept)).info


def test_sixteen_bits_of_grey_are_scaled_to_eight_and_not_clipped():
    wide = Image.new("I;16", (3, 1))
    wide.putdata([0, 32896, 65535])
    twelve = Image.new("I;16", (3, 1))
    twelve.putdata([0, 2048, 4095])

    from_sixteen = opened(prepare(encoded(wide, "PNG")))
    from_twelve = opened(prepare(encoded(twelve, "TIFF")))

    assert list(from_sixteen.tobytes()) == [0, 128, 255]
    assert list(from_twelve.tobytes()) == [0, 128, 255]


@pytest.mark.parametrize(
    ("mode", "kind", "becomes"),
    [
        ("P", "PNG", "RGB"),
        ("1", "PNG", "L"),
        ("L", "PNG", "L"),
        ("LA", "PNG", "LA"),
        ("RGBA", "PNG", "RGBA"),
        ("CMYK", "JPEG", "RGB"),
        ("CMYK", "TIFF", "RGB"),
        ("L", "JPEG", "L"),
        ("I", "PPM", "L"),
    ],
)
def test_every_usual_kind_of_pixel_is_taken(mode, kind, becomes):
    image = opened(prepare(encoded(drawn(mode=mode), kind)))

    assert image.mode == becomes
    assert image.size == (40, 30)


def test_a_palette_with_a_see_through_colour_keeps_it():
    image = drawn(mode="P")
    content = encoded(image, "PNG", transparency=image.getpixel((0, 0)))

    kept = opened(prepare(content))

    assert kept.mode == "RGBA"
    assert kept.getpixel((0, 0))[3] == 0
    assert kept.getpixel((30, 20))[3] == 255


def test_a_phones_picture_with_a_preview_behind_it_is_taken_without_the_preview():
    content = encoded(drawn(64, 48), "MPO", save_all=True, append_images=[drawn(16, 12)])

    picture = prepare(content)

    assert (picture.width, picture.height, picture.content_type) == (64, 48, "image/jpeg")


def test_a_picture_that_claims_to_be_huge_is_refused_at_once():
    began = time.process_time()

    with pytest.raises(images.TooManyPixels):
        prepare(bomb())

    assert len(bomb()) < 3000
    assert time.process_time() - began < 1


def test_a_picture_over_our_own_limit_is_refused_before_it_is_decoded(settings):
    settings.MAX_IMAGE_PIXELS = 1199

    with pytest.raises(images.TooManyPixels, match="40 x 30"):
        prepare(encoded())


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "TIFF", "PPM"])
@pytest.mark.parametrize("share", [0.02, 0.5, 0.9])
def test_a_truncated_picture_is_refused(kind, share):
    content = encoded(drawn(120, 90), kind)

    with pytest.raises((images.Damaged, images.NotAnImage)):
        prepare(content[: int(len(content) * share)])


@pytest.mark.parametrize(
    "content",
    [
        b"<html><script>alert(1)</script></html>",
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
        b"GIF89a" + bytes(50),
        b"%PDF-1.7",
        b"RIFF\x00\x00\x00\x00WAVE",
        b"P7\nWIDTH 1\n",
        b"",
    ],
)
def test_what_is_no_picture_is_refused_whatever_its_name(content):
    with pytest.raises(images.NotAnImage):
        prepare(content)


@pytest.mark.parametrize("kind", ["PNG", "WEBP", "TIFF"])
def test_a_film_is_refused(kind):
    content = encoded(drawn(), kind, save_all=True, append_images=[drawn(seed=9)])

    with pytest.raises(images.ManyFrames):
        prepare(content)


def test_pixels_that_cannot_be_shown_are_refused():
    with pytest.raises(images.UnknownMode):
        prepare(encoded(drawn(mode="F"), "TIFF"))


@pytest.mark.filterwarnings("ignore::UserWarning")  # Pillow's, about metadata that we leave out anyway
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "TIFF", "PPM"])
def test_a_picture_with_any_byte_changed_is_taken_or_refused_but_never_breaks(kind):
    content = bytearray(encoded(drawn(24, 18), kind, orientation=6) if kind != "PPM" else encoded(drawn(24, 18), kind))

    for place in range(0, len(content), max(1, len(content) // 150)):
        for value in (0, 255, content[place] ^ 0x55):
            changed = bytes(content[:place]) + bytes([value]) + bytes(content[place + 1 :])
            with contextlib.suppress(*REFUSALS):
                prepare(changed)
