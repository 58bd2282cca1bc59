"""A canvas that takes places in the coordinates of the finished picture and draws them smooth.

A place (0, 0) is the centre of the top-left pixel, as everywhere here, whatever the supersampling.
"""

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageChops, ImageDraw, ImageFilter

Points = NDArray[np.float64]
Colour = tuple[int, int, int]

FINENESS = 3


class Canvas:
    """A picture in the making, `FINENESS` times as large as it will be."""

    def __init__(self, width: int, height: int, colour: Colour) -> None:
        self.size = (width, height)
        self.fine = Image.new("RGB", (width * FINENESS, height * FINENESS), colour)

    def polygon(self, points: Points, colour: Colour) -> None:
        ImageDraw.Draw(self.fine).polygon(_fine(points), fill=colour)

    def line(self, points: Points, colour: Colour, width: float) -> None:
        """A line with round ends and joints."""
        pen = ImageDraw.Draw(self.fine)
        pen.line(_fine(points), fill=colour, width=max(1, round(width * FINENESS)), joint="curve")
        for end in (points[0], points[-1]):
            self.disc(end, width / 2, colour)

    def disc(self, centre: Points, radius: float, colour: Colour) -> None:
        # As a polygon: Pillow rounds the box of an ellipse to whole pixels.
        self.polygon(ellipse(centre, radius, radius), colour)

    def mask(self, *areas: Points, blur: float = 0.0) -> Image.Image:
        """Where these areas are, to tint or to test; blur in pixels of the finished picture."""
        if blur:  # What is soft needs no fine grid: nine times fewer pixels to blur.
            soft = Image.new("L", self.size, 0)
            for area in areas:
                ImageDraw.Draw(soft).polygon([(x, y) for x, y in (area + 0.5).tolist()], fill=255)
            return soft.filter(ImageFilter.BoxBlur(blur)).resize(self.fine.size, Image.Resampling.BILINEAR)
        mask = Image.new("L", self.fine.size, 0)
        for area in areas:
            ImageDraw.Draw(mask).polygon(_fine(area), fill=255)
        return mask

    def tint(self, mask: Image.Image, colour: Colour, strength: float, *, within: Image.Image | None = None) -> None:
        """Lay a colour over the masked part, half transparent as told."""
        box = mask.getbbox()
        if box is None:
            return
        part = mask.crop(box)
        if within is not None:
            part = ImageChops.multiply(part, within.crop(box))
        self.fine.paste(colour, box, part.point([round(level * strength) for level in range(256)]))

    def multiply(self, layer: Image.Image) -> None:
        """Light: darken by a small greyish picture stretched over the whole."""
        self.fine = ImageChops.multiply(self.fine, layer.resize(self.fine.size, Image.Resampling.BICUBIC))

    def sample(self, points: Points, layer: Image.Image | None = None) -> NDArray[np.uint8]:
        """What is painted exactly at these points, here or on a mask of this canvas; beyond the edge, the edge."""
        pixels = np.asarray(layer or self.fine)
        x, y = np.floor((points + 0.5) * FINENESS).astype(int).T
        return pixels[y.clip(0, pixels.shape[0] - 1), x.clip(0, pixels.shape[1] - 1)]

    def finish(self) -> Image.Image:
        return self.fine.resize(self.size, Image.Resampling.BOX)


def smooth(points: Points, *, closed: bool, steps: int = 8) -> Points:
    """A curve through all the points (Catmull-Rom): the drawn edge passes exactly where the truth says."""
    if closed:
        ring = np.vstack([points[-1:], points, points[:2]])
    else:
        ring = np.vstack([2 * points[0] - points[1], points, 2 * points[-1] - points[-2]])
    t = np.linspace(0, 1, steps, endpoint=False)[:, None, None]
    a, b, c, d = ring[:-3], ring[1:-2], ring[2:-1], ring[3:]
    curve = 0.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t**2 + (3 * b - 3 * c + d - a) * t**3)
    drawn = curve.transpose(1, 0, 2).reshape(-1, 2)
    return drawn if closed else np.vstack([drawn, points[-1:]])


def ellipse(centre: Points, across: float, down: float, *, tilt: float = 0.0, steps: int = 48) -> Points:
    angle = np.linspace(0, 2 * np.pi, steps, endpoint=False)
    x, y = across * np.cos(angle), down * np.sin(angle)
    return np.asarray(centre) + np.column_stack(
        [x * np.cos(tilt) - y * np.sin(tilt), x * np.sin(tilt) + y * np.cos(tilt)]
    )


def path(text: str) -> Points:
    """Points written as in a vector drawing: "x,y x,y …"."""
    return np.array([[float(number) for number in point.split(",")] for point in text.split()])


def shifted(points: Points, x: float, y: float) -> Points:
    return points + np.array([x, y])


def shade(colour: Colour, factor: float) -> Colour:
    """Darker below 1, lighter (towards white) above."""
    if factor <= 1:
        return tuple(round(part * factor) for part in colour)  # type: ignore[return-value]
    return tuple(round(part + (255 - part) * (factor - 1)) for part in colour)  # type: ignore[return-value]


def mix(first: Colour, second: Colour, share: float) -> Colour:
    return tuple(round(a + (b - a) * share) for a, b in zip(first, second, strict=True))  # type: ignore[return-value]


def _fine(points: Points) -> list[tuple[float, float]]:
    # Pixel i of the finished picture spans i - 0.5 to i + 0.5, which is FINENESS fine pixels from i * FINENESS on.
    scaled = (np.asarray(points) + 0.5) * FINENESS
    return [(x, y) for x, y in scaled.tolist()]
