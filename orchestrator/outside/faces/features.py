"""Skin, eyes, brows, nose and mouth, each drawn through the very points that are the truth."""

import numpy as np
from PIL import Image

from orchestrator.outside.faces.canvas import Colour, Points, ellipse, mix, shade, shifted, smooth
from orchestrator.outside.faces.shape import (
    BRIDGE,
    INNER_LIPS,
    JAW,
    LEFT_BROW,
    LEFT_EYE,
    NOSE_BASE,
    OUTER_LIPS,
    RIGHT_BROW,
    RIGHT_EYE,
)
from orchestrator.outside.faces.stage import Stage

ROSE: Colour = (226, 104, 96)
TEETH: Colour = (250, 248, 242)


def ears(stage: Stage) -> None:
    skin = stage.look.skin
    turn = stage.look.pose.yaw / 30
    for side in (-1, 1):
        if side * turn > 0.6 or stage.look.style == "headscarf":
            continue  # Hidden behind the far cheek, or under cloth.
        stage.blob(side * 1.03, 0.12, 0.15, 0.26, shade(skin, 0.93))
        stage.blob(side * 1.04, 0.13, 0.07, 0.15, shade(skin, 0.82))
        if stage.look.earrings:
            stage.canvas.disc(stage.at([(side * 1.06, 0.44)])[0], stage.px(0.055), (240, 206, 110))


def skin(stage: Stage) -> Image.Image:
    """Paint the face; answers the mask of it, for whatever must stay inside."""
    look, canvas = stage.look, stage.canvas
    outline = stage.outline()
    canvas.polygon(outline, look.skin)
    face = canvas.mask(outline)
    darker = mix(shade(look.skin, 0.78), (150, 60, 60), 0.12)
    far = -1 if look.light_from > 0 else 1
    edge = stage.at(
        [
            (far * 0.62, -1.3),
            (far * 0.86, -0.2),
            (far * 0.72, 0.9),
            (far * 0.2, 1.9),
            (far * 1.6, 1.9),
            (far * 1.6, -1.3),
        ]
    )
    canvas.tint(canvas.mask(edge, blur=stage.px(0.14)), darker, 0.45 * abs(look.light_from) + 0.1, within=face)
    sockets = [
        ellipse(stage.points[eye].mean(0) - [0, stage.px(0.06)], stage.px(0.30), stage.px(0.20))
        for eye in (LEFT_EYE, RIGHT_EYE)
    ]
    canvas.tint(canvas.mask(*sockets, blur=stage.px(0.09)), darker, 0.28, within=face)
    cheeks = [ellipse(stage.on_face([(side * 0.60, 0.62)])[0], stage.px(0.25), stage.px(0.18)) for side in (-1, 1)]
    canvas.tint(canvas.mask(*cheeks, blur=stage.px(0.10)), mix(look.skin, ROSE, 0.5), 0.42, within=face)
    if look.freckles:
        for _ in range(26):
            spot = (stage.chance.choice([-1, 1]) * stage.chance.uniform(0.18, 0.78), stage.chance.uniform(0.36, 0.72))
            canvas.disc(stage.on_face([spot])[0], stage.px(stage.chance.uniform(0.012, 0.02)), shade(look.skin, 0.76))
    return face


def eyes(stage: Stage) -> None:
    canvas, look = stage.canvas, stage.look
    gaze = np.array([stage.chance.uniform(-0.03, 0.03), 0.0]) * stage.scale
    ink = mix((44, 30, 34), look.hair, 0.15)
    for part in (LEFT_EYE, RIGHT_EYE):
        eye = stage.points[part]
        edge = smooth(eye, closed=True)
        inside = canvas.mask(edge)
        canvas.polygon(edge, (252, 250, 246))
        centre = (eye[0] + eye[3]) / 2 - [0, stage.px(0.012)] + gaze
        for radius, colour in ((0.118, shade(look.eyes, 0.6)), (0.102, look.eyes), (0.052, (24, 18, 22))):
            canvas.tint(canvas.mask(ellipse(centre, stage.px(radius), stage.px(radius))), colour, 1.0, within=inside)
        glint = centre + stage.px(0.036) * np.array([1 if look.light_from > 0 else -1, -1])
        canvas.tint(canvas.mask(ellipse(glint, stage.px(0.026), stage.px(0.026))), (255, 255, 255), 0.95, within=inside)
        # The lids' edges are the points themselves: the line is drawn centred on them.
        half = len(edge) // 2
        canvas.line(np.vstack([edge[half:], edge[:1]]), shade(look.skin, 0.66), stage.px(0.018))
        canvas.line(edge[: half + 1], ink, stage.px(0.042 if look.lashes else 0.030))
        if look.lashes:
            outward = np.sign(eye[0, 0] - eye[3, 0])
            canvas.line(np.vstack([eye[0], eye[0] + stage.px(0.06) * np.array([outward, -0.7])]), ink, stage.px(0.026))
        crease = smooth(eye[:4] - [0, stage.px(0.075)], closed=False)
        canvas.line(crease[3:-3], shade(look.skin, 0.74), stage.px(0.014))


def brows(stage: Stage) -> None:
    colour = mix(shade(stage.look.hair, 0.75), (60, 44, 40), 0.25)
    thick = stage.px(stage.look.brow_width) * np.array([0.28, 0.85, 1.0, 1.0, 0.8]) / 2
    for part, widths in ((LEFT_BROW, thick), (RIGHT_BROW, thick[::-1])):
        line = stage.points[part]
        normal = _normals(line) * widths[:, None]
        stage.canvas.polygon(smooth(np.vstack([line + normal, (line - normal)[::-1]]), closed=True), colour)


def nose(stage: Stage) -> None:
    canvas, look = stage.canvas, stage.look
    bridge, base = stage.points[BRIDGE], stage.points[NOSE_BASE]
    dark = shade(look.skin, 0.70)
    away = -1 if look.light_from > 0 else 1
    if abs(look.pose.yaw) > 14:
        away = int(np.sign(look.pose.yaw))
    side = np.array([away * stage.px(0.10), 0.0])
    shadow = np.vstack([bridge, base[2:3], base[4:5] if away > 0 else base[0:1], bridge[1:2] + side])
    canvas.tint(canvas.mask(shadow, blur=stage.px(0.03)), dark, 0.30)
    light = smooth(bridge, closed=False)
    canvas.tint(canvas.mask(_band(light, stage.px(0.045)), blur=stage.px(0.04)), shade(look.skin, 1.7), 0.30)
    for wing, turn in ((base[0], 1), (base[4], -1)):
        hook = np.vstack(
            [shifted(wing, 0, -stage.px(0.12)), shifted(wing, -turn * stage.px(0.025), -stage.px(0.06)), wing]
        )
        canvas.line(smooth(hook, closed=False), dark, stage.px(0.022))
    canvas.line(smooth(base, closed=False), dark, stage.px(0.026))
    for nostril in (base[1], base[3]):
        hole = ellipse(nostril - [0, stage.px(0.018)], stage.px(0.052), stage.px(0.024), tilt=stage.tilt)
        canvas.polygon(hole, shade(look.skin, 0.48))


def mouth(stage: Stage) -> None:
    canvas, look = stage.canvas, stage.look
    outer, inner = smooth(stage.points[OUTER_LIPS], closed=True), smooth(stage.points[INNER_LIPS], closed=True)
    lip = mix(shade(look.skin, 0.80), (196, 62, 72), 0.62 if look.lashes else 0.30)
    canvas.polygon(outer, lip)
    lips = canvas.mask(outer)
    lower = stage.points[[54, 55, 56, 57, 58, 59, 60, 67, 66, 65, 64]]
    canvas.tint(canvas.mask(lower, blur=stage.px(0.03)), (255, 220, 214), 0.22, within=lips)
    canvas.polygon(inner, (92, 26, 34))
    if look.expression.open_mouth > 0.1:
        opening = canvas.mask(inner)
        top = stage.points[60:65]
        teeth = np.vstack([top, shifted(top[::-1], 0, stage.px(0.085))])
        canvas.tint(canvas.mask(teeth), TEETH, 1.0, within=opening)
        tongue = ellipse(stage.points[66], stage.px(0.20), stage.px(0.10), tilt=stage.tilt)
        canvas.tint(canvas.mask(tongue), (206, 92, 96), 1.0, within=opening)
    else:
        canvas.line(smooth(stage.points[60:65], closed=False), shade(lip, 0.55), stage.px(0.020))


def beard(stage: Stage, face: Image.Image) -> None:
    kind, canvas, look = stage.look.beard, stage.canvas, stage.look
    if not kind:
        return
    y = stage.solid[OUTER_LIPS][:, 1]
    top = y.min()
    if kind in {"full", "stubble"}:
        jaw = stage.points[JAW][1:16]
        cheek = stage.on_face(
            [
                (0.78, 0.42),
                (0.62, top - 0.06),
                (0.26, top - 0.14),
                (0, top - 0.10),
                (-0.26, top - 0.14),
                (-0.62, top - 0.06),
                (-0.78, 0.42),
            ]
        )
        area = smooth(np.vstack([jaw, cheek]), closed=True)
        strength, blur = (0.95, 0.012) if kind == "full" else (0.26, 0.05)
        canvas.tint(canvas.mask(area, blur=stage.px(blur)), shade(look.hair, 0.85), strength, within=face)
    if kind in {"full", "moustache"}:
        whisker = [
            (-0.44, top + 0.05),
            (-0.26, top - 0.08),
            (0, top - 0.05),
            (0.26, top - 0.08),
            (0.44, top + 0.05),
            (0.24, top + 0.03),
            (0, top + 0.04),
            (-0.24, top + 0.03),
        ]
        canvas.polygon(smooth(stage.on_face(whisker), closed=True), shade(look.hair, 0.78))


def _normals(line: Points) -> Points:
    along = np.gradient(line, axis=0)
    along /= np.linalg.norm(along, axis=1, keepdims=True)
    return np.column_stack([-along[:, 1], along[:, 0]])


def _band(line: Points, half: float) -> Points:
    normal = _normals(line) * half
    return np.vstack([line + normal, (line - normal)[::-1]])
