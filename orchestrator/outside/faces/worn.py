"""Glasses one sees through, and things that hide a part of the face; the latter tell which part."""

from collections.abc import Callable

import numpy as np
from PIL import Image

from orchestrator.outside.faces.canvas import Points, ellipse, mix, path, shade, shifted, smooth
from orchestrator.outside.faces.shape import JAW, LEFT_EYE, RIGHT_EYE
from orchestrator.outside.faces.stage import Stage

Hide = Callable[[Stage], list[Points]]


def glasses(stage: Stage) -> None:
    """Frames around the eyes; the eyes stay visible."""
    if not stage.look.glasses:
        return
    frame = mix((40, 36, 44), stage.look.cloth, 0.35)
    lenses = _lenses(stage, 0.31, 0.26 if stage.look.glasses == "round" else 0.22)
    for lens in lenses:
        stage.canvas.tint(stage.canvas.mask(lens), (220, 238, 250), 0.16)
        stage.canvas.line(np.vstack([lens, lens[:2]]), frame, stage.px(0.045))
    _bridge_and_temples(stage, lenses, frame)


def occluder(stage: Stage) -> Image.Image | None:
    """Draw what hides a part of the face and answer its mask, on the canvas's fine grid."""
    if not stage.look.occluder:
        return None
    return stage.canvas.mask(*HIDE[stage.look.occluder](stage))


def _lenses(stage: Stage, across: float, down: float) -> list[Points]:
    corners = 2.0 if stage.look.glasses == "round" else 3.4
    squeeze = max(0.75, float(np.cos(np.radians(stage.look.pose.yaw))))
    lenses = []
    for eye in (LEFT_EYE, RIGHT_EYE):
        angle = np.linspace(0, 2 * np.pi, 64, endpoint=False)
        x = np.sign(np.cos(angle)) * np.abs(np.cos(angle)) ** (2 / corners) * stage.px(across) * squeeze
        y = np.sign(np.sin(angle)) * np.abs(np.sin(angle)) ** (2 / corners) * stage.px(down)
        tilt = stage.tilt
        turned = np.column_stack([x * np.cos(tilt) - y * np.sin(tilt), x * np.sin(tilt) + y * np.cos(tilt)])
        lenses.append(shifted(turned, *stage.points[eye].mean(0)) + np.array([0, stage.px(0.03)]))
    return lenses


def _bridge_and_temples(stage: Stage, lenses: list[Points], frame: tuple[int, int, int]) -> None:
    left, right = lenses
    nose = stage.points[27]
    arch = np.vstack([left[0], nose - [0, stage.px(0.05)], right[32]])
    stage.canvas.line(smooth(arch, closed=False), frame, stage.px(0.045))
    ears = stage.at([(-1.0, 0.0), (1.0, 0.0)])
    stage.canvas.line(np.vstack([left[32], ears[0]]), frame, stage.px(0.040))
    stage.canvas.line(np.vstack([right[0], ears[1]]), frame, stage.px(0.040))


def _sunglasses(stage: Stage) -> list[Points]:
    dark = (34, 34, 42)
    lenses = _lenses(stage, 0.34, 0.25)
    for lens in lenses:
        stage.canvas.polygon(lens, dark)
        top = stage.canvas.mask(lens - [stage.px(0.06), stage.px(0.14)], blur=stage.px(0.03))
        stage.canvas.tint(top, (120, 140, 170), 0.45, within=stage.canvas.mask(lens))
        stage.canvas.line(np.vstack([lens, lens[:2]]), (20, 20, 26), stage.px(0.05))
    _bridge_and_temples(stage, lenses, (20, 20, 26))
    return lenses


def _mask(stage: Stage) -> list[Points]:
    jaw = stage.points[JAW]
    chin = stage.at([(0.0, stage.look.build.chin + 0.05)], 0.18)
    top = stage.on_face([(0.80, 0.42), (0.34, 0.32), (0.0, 0.26), (-0.34, 0.32), (-0.80, 0.42)])
    below = [shifted(chin, -stage.px(0.2), 0), shifted(chin, stage.px(0.2), 0)]
    area = smooth(np.vstack([jaw[3:7], *below, jaw[10:14], top]), closed=True)
    colour = (168, 206, 216)
    stage.canvas.polygon(area, colour)
    within = stage.canvas.mask(area)
    for y in (0.62, 0.88, 1.14):
        fold = smooth(stage.on_face([(-0.72, y - 0.06), (0.0, y + 0.06), (0.72, y - 0.06)]), closed=False)
        stage.canvas.line(fold, shade(colour, 0.86), stage.px(0.02))
    shadow = stage.canvas.mask(
        smooth(np.vstack([jaw[4:13], stage.on_face([(0.4, 1.2), (-0.4, 1.2)])]), closed=True), blur=stage.px(0.1)
    )
    stage.canvas.tint(shadow, shade(colour, 0.7), 0.35, within=within)
    for near, ear in ((jaw[3], (-1.03, 0.0)), (jaw[13], (1.03, 0.0))):
        stage.canvas.line(np.vstack([near, stage.at([ear])]), (240, 244, 244), stage.px(0.025))
    return [area]


def _scarf(stage: Stage) -> list[Points]:
    colour, chin = shade(stage.look.cloth, 1.3), stage.look.build.chin
    wrap = [
        (-1.22, chin * 0.66),
        (-0.60, chin * 0.80),
        (0.0, chin * 0.84),
        (0.60, chin * 0.80),
        (1.22, chin * 0.66),
        (1.36, chin + 0.25),
        (0.8, chin + 0.62),
        (0.0, chin + 0.72),
        (-0.8, chin + 0.62),
        (-1.36, chin + 0.25),
    ]
    area = smooth(stage.at(wrap, 0.25), closed=True)
    stage.canvas.polygon(area, colour)
    within = stage.canvas.mask(area)
    for x in np.arange(-1.6, 1.7, 0.36):
        stripe = stage.at(
            [(x, chin * 0.5), (x + 0.14, chin * 0.5), (x + 0.40, chin + 0.9), (x + 0.26, chin + 0.9)], 0.25
        )
        stage.canvas.tint(stage.canvas.mask(stripe), shade(colour, 0.72), 0.8, within=within)
    return [area]


def _mug(stage: Stage) -> list[Points]:
    side = stage.chance.choice([-1, 1])
    x, y = stage.points[57]
    px, colour = stage.px, (238, 232, 220)
    cup = np.array(path("-0.42,-0.26 0.42,-0.26 0.38,0.62 0.3,0.72 -0.3,0.72 -0.38,0.62")) * stage.scale
    area = shifted(cup, x + side * px(0.10), y)
    middle = area.mean(0)
    handle = ellipse(shifted(middle, side * px(0.44), 0), px(0.20), px(0.24))
    stage.canvas.line(np.vstack([handle, handle[:2]]), shade(colour, 0.86), px(0.09))
    stage.canvas.polygon(area, colour)
    stage.canvas.polygon(ellipse(shifted(middle, 0, px(0.06)), px(0.17), px(0.17)), stage.look.cloth)
    stage.canvas.line(area[:2], shade(colour, 0.8), px(0.05))
    fingers = _hand_at(stage, shifted(middle, -side * px(0.30), px(0.06)), count=4, lying=True, side=side)
    return [area, *fingers]


def _hand(stage: Stage) -> list[Points]:
    side = stage.chance.choice([-1, 1])
    centre = stage.on_face([(side * 0.66, 1.06)])[0]
    return _hand_at(stage, centre, count=4, lying=False, side=side)


def _hand_at(stage: Stage, centre: Points, *, count: int, lying: bool, side: int) -> list[Points]:
    """A rounded hand: fingers as fat lines, lying sideways around a cup or upright at a cheek."""
    px, skin = stage.px, stage.look.skin
    areas = []
    if not lying:
        wrist = np.array([(-0.34, 0.30), (0.34, 0.30), (0.42, 2.6), (-0.42, 2.6)]) * stage.scale + centre
        palm = smooth(
            np.array(path("-0.36,0.1 0,-0.08 0.36,0.1 0.38,0.6 0,0.8 -0.38,0.6")) * stage.scale + centre,
            closed=True,
        )
        stage.canvas.polygon(shifted(wrist, 0, px(0.5)), stage.look.cloth)
        forearm = np.vstack([wrist[:2], shifted(wrist[1::-1], 0, px(0.7))])
        stage.canvas.polygon(forearm, skin)
        stage.canvas.polygon(palm, shade(skin, 0.97))
        areas += [palm, wrist]
    for finger in range(count):
        if lying:
            y = (finger - (count - 1) / 2) * px(0.15)
            line = np.array([(-side * px(0.12), y), (side * px(0.34), y + px(0.01))]) + centre
        else:
            x = (finger - (count - 1) / 2) * px(0.19)
            reach = (0.50, 0.62, 0.60, 0.44)[finger]
            line = np.array([(x, px(0.2)), (1.18 * x, -px(reach))]) + centre
        stage.canvas.line(line, shade(skin, 0.80), px(0.185))
        stage.canvas.line(line, skin, px(0.155))
        areas.append(_capsule(line, px(0.0775)))
    return areas


def _capsule(line: Points, radius: float) -> Points:
    along = (line[1] - line[0]) / np.linalg.norm(line[1] - line[0])
    across = np.array([-along[1], along[0]])
    angle = np.linspace(0, np.pi, 12)[:, None]
    end = line[1] + radius * (np.cos(angle) * across + np.sin(angle) * along)
    start = line[0] - radius * (np.cos(angle) * across + np.sin(angle) * along)
    return np.vstack([end, start])


HIDE: dict[str, Hide] = {"mask": _mask, "sunglasses": _sunglasses, "mug": _mug, "scarf": _scarf, "hand": _hand}
