"""What is around a face: the background, neck and clothes, and the light on it all."""

import numpy as np
from PIL import Image

from orchestrator.outside.faces.canvas import Canvas, ellipse, mix, shade, smooth
from orchestrator.outside.faces.looks import Look
from orchestrator.outside.faces.stage import Stage


def background(stage: Stage) -> None:
    canvas, look = stage.canvas, stage.look
    width, height = canvas.size
    light, dark = look.background
    middle = np.array([width * stage.chance.uniform(0.4, 0.6), height * stage.chance.uniform(0.4, 0.55)])
    pattern = look.pattern
    if pattern == "disc":
        canvas.disc(middle, 0.42 * width, dark)
    elif pattern == "rays":
        for angle in np.arange(0, 2 * np.pi, np.pi / 9):
            spread = np.array([angle, angle + np.pi / 18])
            far = middle + 1.2 * (width + height) * np.column_stack([np.cos(spread), np.sin(spread)])
            canvas.polygon(np.vstack([middle, far]), mix(light, dark, 0.55))
    elif pattern == "dots":
        step = width / 9
        for row in range(int(height / step) + 2):
            for column in range(11):
                canvas.disc(np.array([(column - 0.5 * (row % 2)) * step, row * step]), 0.16 * step, dark)
    elif pattern == "stripes":
        step = width / 8
        for stripe in range(-10, 20, 2):
            x = stripe * step
            canvas.polygon(
                np.array([(x, 0), (x + step, 0), (x + step + height, height), (x + height, height)]) - [height / 2, 0],
                mix(light, dark, 0.5),
            )
    elif pattern == "hills":
        canvas.disc(np.array([width * 0.78, height * 0.22]), 0.10 * width, mix(light, (255, 255, 255), 0.6))
        for share, level in ((0.45, 0.62), (1.0, 0.74)):
            x = np.linspace(-5, width + 5, 30)
            y = height * (level + 0.06 * np.sin(x / width * 6 + 9 * share))
            canvas.polygon(
                np.vstack([np.column_stack([x, y]), [(width + 5, height + 5), (-5, height + 5)]]),
                mix(light, dark, share),
            )


def body(stage: Stage) -> None:
    look, canvas = stage.look, stage.canvas
    chin = look.build.chin
    neck = [
        (-0.50, 0.7),
        (0.50, 0.7),
        (0.52, chin + 0.35),
        (0.95, chin + 0.62),
        (-0.95, chin + 0.62),
        (-0.52, chin + 0.35),
    ]
    canvas.polygon(stage.upright(neck), shade(look.skin, 0.90))
    canvas.polygon(
        ellipse(stage.upright([(0.0, chin + 0.5)])[0], stage.px(0.75), stage.px(0.62)), shade(look.skin, 0.90)
    )
    under = ellipse(
        stage.upright([(0.0, chin - 0.02)])[0] + [stage.px(0.010) * look.pose.yaw, 0], stage.px(0.62), stage.px(0.36)
    )
    canvas.tint(
        canvas.mask(under, blur=stage.px(0.05)),
        mix(shade(look.skin, 0.62), (120, 40, 50), 0.12),
        0.75,
        within=canvas.mask(stage.upright(neck)),
    )
    _garment(stage, chin + 0.30)


def _garment(stage: Stage, top: float) -> None:
    look, canvas, cloth = stage.look, stage.canvas, stage.look.cloth
    shoulders = [
        (-0.55, top),
        (-1.1, top + 0.22),
        (-1.75, top + 0.50),
        (-2.1, top + 1.1),
        (-2.3, top + 3.0),
        (2.3, top + 3.0),
        (2.1, top + 1.1),
        (1.75, top + 0.50),
        (1.1, top + 0.22),
        (0.55, top),
    ]
    if look.garment == "hood":
        canvas.polygon(
            smooth(
                stage.upright(
                    [
                        (-0.9, top - 0.35),
                        (-1.25, top + 0.3),
                        (0, top + 0.8),
                        (1.25, top + 0.3),
                        (0.9, top - 0.35),
                        (0, top + 0.2),
                    ]
                ),
                closed=True,
            ),
            shade(cloth, 0.78),
        )
    low = {"crew": 0.30, "vee": 0.75, "collar": 0.55, "hood": 0.45, "turtleneck": 0.0}[look.garment]
    neckline = [(0.30, top + 0.72 * low), (0.0, top + low), (-0.30, top + 0.72 * low)]
    if look.garment in {"vee", "collar"}:
        neckline = [(0.0, top + low)]
    outline = np.vstack([smooth(stage.upright(shoulders), closed=False), stage.upright(neckline)])
    canvas.polygon(outline, cloth)
    if look.garment == "turtleneck":
        roll = [(-0.60, top - 0.22), (0.60, top - 0.22), (0.66, top + 0.16), (-0.66, top + 0.16)]
        canvas.polygon(smooth(stage.upright(roll), closed=True), shade(cloth, 1.12))
        canvas.line(
            stage.upright([(-0.58, top + 0.13), (0, top + 0.2), (0.58, top + 0.13)]), shade(cloth, 0.8), stage.px(0.03)
        )
    elif look.garment == "collar":
        for side in (-1, 1):
            flap = [
                (side * 0.60, top - 0.10),
                (side * 0.06, top + 0.50),
                (side * 0.44, top + 0.68),
                (side * 0.80, top + 0.12),
            ]
            canvas.polygon(stage.upright(flap), shade(cloth, 1.35))
    elif look.garment == "hood":
        for side in (-1, 1):
            canvas.line(
                stage.upright([(side * 0.25, top + 0.38), (side * 0.27, top + 1.0)]), shade(cloth, 1.6), stage.px(0.045)
            )
    else:
        edge = stage.upright([(0.55, top), *neckline, (-0.55, top)])
        canvas.line(edge, shade(cloth, 0.82), stage.px(0.05))


def light(canvas: Canvas, look: Look) -> None:
    """One light for the whole picture: from a side, warm or cold, bright or dusk."""
    across, down = np.meshgrid(np.linspace(-1, 1, 24), np.linspace(-1, 1, 24))
    level = look.light * (1 - 0.10 * (1 - look.light_from * across) * abs(look.light_from) - 0.05 * (down + 1) / 2)
    warm = 0.06 * look.warmth
    colours = np.stack([level * (1 + min(warm, 0)), level * (1 - abs(warm) / 4), level * (1 - max(warm, 0))], axis=-1)
    canvas.multiply(Image.fromarray((255 * colours.clip(0, 1)).astype(np.uint8), "RGB"))
