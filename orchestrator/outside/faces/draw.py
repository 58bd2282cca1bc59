"""Draw pictures of imagined people whose 68 points are known exactly, the same ones for the same seed."""

import io
import random
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from PIL import Image

from orchestrator.outside.faces import features, hair, scene, worn
from orchestrator.outside.faces.canvas import Canvas, Points
from orchestrator.outside.faces.looks import OCCLUDERS, Look
from orchestrator.outside.faces.stage import Stage

ORIENTATION = 0x0112
# EXIF orientation -> how the upright picture must be laid down so that a viewer turns it up again.
LAID_DOWN = {3: Image.Transpose.ROTATE_180, 6: Image.Transpose.ROTATE_90, 8: Image.Transpose.ROTATE_270}


@dataclass(frozen=True, kw_only=True)
class Portrait:
    """A picture file and the truth about it."""

    name: str
    content: bytes
    width: int  # of the upright picture, px
    height: int
    points: Points  # (68, 2) px of the upright picture, (0, 0) = centre of the top-left pixel
    visibility: list[int]  # 2 visible, 1 hidden behind something
    orientation: int  # EXIF; 1 = the file is upright already
    look: Look


def portraits(count: int, *, seed: int = 68) -> Iterator[Portrait]:
    """Different people, one after the other; some occluded, some lying on their side in the file."""
    for index in range(count):
        yield portrait(index, seed=seed)


def portrait(index: int, *, seed: int = 68) -> Portrait:
    chance = random.Random(f"{seed}/{index}")
    look = Look.imagine(chance)
    if index % 6 == 4:
        look = look.covered_by(OCCLUDERS[index // 6 % len(OCCLUDERS)])
    orientation = {3: 6, 9: 8, 14: 3}.get(index % 20, 1)
    width = chance.randrange(320, 449, 16)
    height = min(512, round(width * chance.uniform(1.0, 1.25)))
    scale = width * chance.uniform(0.205, 0.245)
    centre = (width * chance.uniform(0.47, 0.53), height * chance.uniform(0.41, 0.45))
    canvas = Canvas(width, height, look.background[0])
    stage = Stage(look, canvas, centre=centre, scale=scale)
    hidden = paint(stage)
    suffix = "jpg" if orientation != 1 or chance.random() < 0.7 else "png"
    return Portrait(
        name=f"face-{index + 1:03}.{suffix}",
        content=_encoded(canvas.finish(), suffix, orientation),
        width=width,
        height=height,
        points=stage.points,
        visibility=[1 if under else 2 for under in hidden],
        orientation=orientation,
        look=look,
    )


def paint(stage: Stage) -> list[bool]:
    """From the far to the near; answers which points ended up under hair or under a thing."""
    scene.background(stage)
    hair.behind(stage)
    scene.body(stage)
    features.ears(stage)
    face = features.skin(stage)
    features.beard(stage, face)
    features.mouth(stage)
    features.nose(stage)
    features.eyes(stage)
    features.brows(stage)
    bare = stage.canvas.sample(stage.points)
    hair.upon(stage)
    under_hair = (stage.canvas.sample(stage.points) != bare).any(axis=1)
    worn.glasses(stage)
    thing = worn.occluder(stage)
    under_thing = stage.canvas.sample(stage.points, thing) > 127 if thing else np.zeros(len(bare), bool)
    scene.light(stage.canvas, stage.look)
    return (under_hair | under_thing).tolist()


def _encoded(upright: Image.Image, suffix: str, orientation: int) -> bytes:
    stream = io.BytesIO()
    if suffix == "png":
        upright.save(stream, "PNG", compress_level=3)
    else:
        exif = Image.Exif()
        exif[ORIENTATION] = orientation
        laid = upright.transpose(LAID_DOWN[orientation]) if orientation in LAID_DOWN else upright
        laid.save(stream, "JPEG", quality=92, subsampling=0, exif=exif)
    return stream.getvalue()
