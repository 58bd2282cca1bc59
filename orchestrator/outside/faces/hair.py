"""Hair and headgear: what falls behind the head, and what lies on it."""

from collections.abc import Callable

import numpy as np

from orchestrator.outside.faces.canvas import path, shade, smooth
from orchestrator.outside.faces.stage import Stage

CROWN = path("-1.02,-0.1 -1.1,-0.6 -0.92,-1.12 -0.5,-1.42 0,-1.52 0.5,-1.42 0.92,-1.12 1.1,-0.6 1.02,-0.1")

Draw = Callable[[Stage], None]


def behind(stage: Stage) -> None:
    """Drawn before neck and face."""
    draw = BEHIND.get(stage.look.style)
    if draw:
        draw(stage)


def upon(stage: Stage) -> None:
    """Drawn after the face."""
    draw = UPON.get(stage.look.style)
    if draw:
        draw(stage)


def _cap_of_hair(stage: Stage, hairline: list[tuple[float, float]], *, gleam: bool = True) -> None:
    """From temple to temple over the crown, and back along the hairline (given from right to left)."""
    edge = np.vstack([smooth(stage.at(CROWN), closed=False), smooth(stage.at(hairline), closed=False)])
    stage.canvas.polygon(edge, stage.look.hair)
    if gleam:
        side = 1 if stage.look.light_from > 0 else -1
        shine = [
            (side * 0.25, -1.30),
            (side * 0.62, -1.20),
            (side * 0.84, -0.94),
            (side * 0.60, -1.08),
            (side * 0.30, -1.16),
        ]
        mask = stage.canvas.mask(smooth(stage.at(shine), closed=True), blur=stage.px(0.04))
        stage.canvas.tint(mask, shade(stage.look.hair, 1.6), 0.45, within=stage.canvas.mask(edge))


def _short(stage: Stage) -> None:
    _cap_of_hair(
        stage,
        path("0.99,-0.1 0.93,-0.52 0.72,-0.92 0.3,-1.02 -0.3,-1.02 -0.72,-0.92 -0.93,-0.52 -0.99,-0.1"),
    )


def _parted(stage: Stage) -> None:
    _cap_of_hair(
        stage,
        path("0.99,-0.06 0.95,-0.46 0.8,-0.74 0.4,-0.86 -0.1,-0.96 -0.44,-1.16 -0.66,-0.98 -0.92,-0.56 -0.99,-0.06"),
    )
    part = stage.at([(-0.44, -1.16), (-0.40, -1.34), (-0.30, -1.46)])
    stage.canvas.line(smooth(part, closed=False), shade(stage.look.hair, 0.7), stage.px(0.025))


def _fringe(stage: Stage) -> None:
    low = -0.30 + stage.chance.uniform(-0.18, 0.0)
    _cap_of_hair(
        stage,
        [
            (1.0, 0.15),
            (0.90, -0.20),
            (0.78, low - 0.08),
            (0.40, low),
            (0.0, low - 0.03),
            (-0.40, low),
            (-0.78, low - 0.08),
            (-0.90, -0.20),
            (-1.0, 0.15),
        ],
    )
    for x in (-0.55, -0.2, 0.18, 0.5):
        strand = stage.at([(0.5 * x, -1.1), (0.9 * x, -0.7), (x, low - 0.06)])
        stage.canvas.line(smooth(strand, closed=False), shade(stage.look.hair, 0.82), stage.px(0.02))


def _centre(stage: Stage) -> None:
    _cap_of_hair(
        stage,
        path("1.02,0.35 0.94,-0.2 0.7,-0.7 0.28,-1 0,-1.18 -0.28,-1 -0.7,-0.7 -0.94,-0.2 -1.02,0.35"),
    )


def _curls(stage: Stage) -> None:
    rows = ((1.00, 0.25, 18), (0.84, 0.22, 12))
    for reach, radius, count in rows:
        for angle in np.linspace(np.pi * 1.02, np.pi * 1.98, count):
            x, y = 1.06 * reach * np.cos(angle), -0.40 + 1.02 * reach * np.sin(angle)
            size = radius * stage.chance.uniform(0.85, 1.15)
            stage.blob(x, y, size, size, shade(stage.look.hair, stage.chance.uniform(0.9, 1.08)))


def _afro(stage: Stage) -> None:
    stage.blob(0.0, -0.55, 1.38, 1.28, stage.look.hair)
    for angle in np.linspace(0, 2 * np.pi, 30):
        size = stage.chance.uniform(0.17, 0.25)
        stage.blob(1.32 * np.cos(angle), -0.55 + 1.22 * np.sin(angle), size, size, stage.look.hair)


def _bob(stage: Stage) -> None:
    stage.fill(
        path("-1,-1 -1.3,-0.2 -1.34,0.8 -1.15,1.28 -0.5,1.2 0.5,1.2 1.15,1.28 1.34,0.8 1.3,-0.2 1,-1 0,-1.52"),
        shade(stage.look.hair, 0.86),
    )


def _long(stage: Stage) -> None:
    stage.fill(
        path("-1,-1 -1.32,-0.1 -1.42,1 -1.58,2.1 -1.1,2.6 0,2.2 1.1,2.6 1.58,2.1 1.42,1 1.32,-0.1 1,-1 0,-1.52"),
        shade(stage.look.hair, 0.86),
    )


def _bun(stage: Stage) -> None:
    stage.blob(0.0, -1.72, 0.46, 0.40, shade(stage.look.hair, 0.9))
    stage.blob(0.08, -1.80, 0.26, 0.20, shade(stage.look.hair, 1.12))


def _pigtails(stage: Stage) -> None:
    for side in (-1, 1):
        stage.fill(
            [
                (side * 0.95, -0.35),
                (side * 1.55, -0.45),
                (side * 1.85, 0.2),
                (side * 1.70, 0.95),
                (side * 1.40, 1.25),
                (side * 1.42, 0.5),
            ],
            stage.look.hair,
        )
        stage.blob(side * 1.10, -0.30, 0.13, 0.15, shade(stage.look.cloth, 1.2))


def _beanie(stage: Stage) -> None:
    cloth = shade(stage.look.cloth, 0.9)
    stage.fill(
        path("-1.1,-0.5 -1.08,-1.15 -0.62,-1.68 0,-1.82 0.62,-1.68 1.08,-1.15 1.1,-0.5 0,-0.62"),
        cloth,
    )
    band = path("-1.12,-0.44 -1.14,-0.8 -0.6,-0.95 0,-1 0.6,-0.95 1.14,-0.8 1.12,-0.44 0.6,-0.62 0,-0.67 -0.6,-0.62")
    stage.fill(band, shade(cloth, 1.25))
    for x in np.linspace(-0.95, 0.95, 11):
        stage.canvas.line(
            stage.at([(x, -0.62 + 0.12 * x * x), (1.02 * x, -0.92 + 0.1 * x * x)]), shade(cloth, 1.02), stage.px(0.022)
        )
    stage.blob(0.0, -1.86, 0.22, 0.20, shade(cloth, 1.45))


def _cap(stage: Stage) -> None:
    cloth = shade(stage.look.cloth, 0.95)
    for side in (-1, 1):
        stage.fill(
            [(side * 1.03, 0.0), (side * 1.06, -0.62), (side * 0.88, -0.62), (side * 0.96, -0.3)], stage.look.hair
        )
    stage.fill(
        path("-1.1,-0.6 -1.02,-1.2 -0.55,-1.62 0,-1.7 0.55,-1.62 1.02,-1.2 1.1,-0.6 0,-0.8"),
        cloth,
    )
    lean = 0.012 * stage.look.pose.yaw
    peak = [
        (-0.98 + lean, -0.66),
        (-0.5 + lean, -0.88),
        (0.0 + lean, -0.94),
        (0.5 + lean, -0.88),
        (0.98 + lean, -0.66),
        (0.6 + 2 * lean, -0.52),
        (0.0 + 2 * lean, -0.46),
        (-0.6 + 2 * lean, -0.52),
    ]
    stage.fill(peak, shade(cloth, 0.72), depth=0.2)
    stage.blob(0.0, -1.70, 0.07, 0.05, shade(cloth, 0.72))


def _headscarf_behind(stage: Stage) -> None:
    stage.fill(
        path(
            "-1.18,-0.4 -0.9,-1.25 0,-1.6 0.9,-1.25 1.18,-0.4 1.16,0.7 1.25,1.7 1.9,2.6 0,3 -1.9,2.6 "
            "-1.25,1.7 -1.16,0.7"
        ),
        shade(stage.look.cloth, 0.85),
    )


def _headscarf(stage: Stage) -> None:
    cloth, chin = shade(stage.look.cloth, 1.15), stage.look.build.chin
    brow = path("1,0.1 0.9,-0.48 0.62,-0.86 0,-1 -0.62,-0.86 -0.9,-0.48 -1,0.1")
    top = path("-1.14,0.2 -1.16,-0.5 -0.9,-1.2 -0.45,-1.48 0,-1.56 0.45,-1.48 0.9,-1.2 1.16,-0.5 1.14,0.2")
    stage.canvas.polygon(np.vstack([smooth(stage.at(top), closed=False), smooth(stage.at(brow), closed=False)]), cloth)
    wrap = [
        (-1.14, chin * 0.75),
        (-0.6, chin + 0.13),
        (0.0, chin + 0.22),
        (0.6, chin + 0.13),
        (1.14, chin * 0.75),
        (1.3, chin + 0.6),
        (0.9, chin + 1.0),
        (0.0, chin + 1.1),
        (-0.9, chin + 1.0),
        (-1.3, chin + 0.6),
    ]
    stage.fill(wrap, cloth)
    for low in (0.40, 0.62):
        fold = [(-0.85, chin + low - 0.18), (0.0, chin + low + 0.08), (0.9, chin + low - 0.2)]
        stage.canvas.line(smooth(stage.at(fold), closed=False), shade(cloth, 0.84), stage.px(0.03))


BEHIND: dict[str, Draw] = {
    "bob": _bob,
    "long": _long,
    "curly": _afro,
    "bun": _bun,
    "pigtails": _pigtails,
    "headscarf": _headscarf_behind,
}
UPON: dict[str, Draw] = {
    "short": _short,
    "parted": _parted,
    "fringe": _fringe,
    "bob": _fringe,
    "long": _centre,
    "curly": _curls,
    "bun": _centre,
    "pigtails": _parted,
    "beanie": _beanie,
    "cap": _cap,
    "headscarf": _headscarf,
}
