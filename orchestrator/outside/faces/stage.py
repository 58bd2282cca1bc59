"""Where a person stands in the picture: model lengths become pixels here, for landmarks and paint alike."""

import random
from collections.abc import Sequence

import numpy as np

from orchestrator.outside.faces.canvas import Canvas, Colour, Points, ellipse, path, smooth
from orchestrator.outside.faces.looks import Look
from orchestrator.outside.faces.shape import JAW, solid_points

SKULL_DEPTH = -0.12


class Stage:
    """A canvas, a person, and the way from her own lengths to the picture's pixels."""

    def __init__(self, look: Look, canvas: Canvas, *, centre: tuple[float, float], scale: float) -> None:
        self.look = look
        self.canvas = canvas
        self.centre = np.array(centre)
        self.scale = scale  # pixels in half a face width
        self.chance = random.Random(look.seed)
        self.solid = solid_points(look.build, look.expression)
        self.points = self.seen(self.solid)

    def seen(self, solid: Points) -> Points:
        """Pixels of points of the turned head, (n, 3) -> (n, 2)."""
        return self.look.pose.turn(np.asarray(solid, float)) * self.scale + self.centre

    def at(self, flat: Sequence[Sequence[float]] | Points, depth: float = SKULL_DEPTH) -> Points:
        """Pixels of points given flat, all at one depth."""
        flat = np.asarray(flat, float)
        return self.seen(np.column_stack([flat, np.full(len(flat), depth)]))

    def on_face(self, flat: Sequence[Sequence[float]] | Points) -> Points:
        """Pixels of points that lie on the rounded front of the face."""
        flat = np.asarray(flat, float)
        return self.seen(np.column_stack([flat, 0.52 - 0.42 * flat[:, 0] ** 2]))

    def upright(self, flat: Sequence[Sequence[float]] | Points) -> Points:
        """Pixels of the body, which does not turn with the head."""
        return np.asarray(flat, float) * self.scale + self.centre

    def blob(self, x: float, y: float, across: float, down: float, colour: Colour, depth: float = SKULL_DEPTH) -> None:
        centre = self.at([(x, y)], depth)[0]
        self.canvas.polygon(ellipse(centre, across * self.scale, down * self.scale, tilt=self.tilt), colour)

    def fill(self, flat: Sequence[Sequence[float]] | Points, colour: Colour, depth: float = SKULL_DEPTH) -> None:
        self.canvas.polygon(smooth(self.at(flat, depth), closed=True), colour)

    def px(self, length: float) -> float:
        return length * self.scale

    @property
    def tilt(self) -> float:
        return float(np.radians(self.look.pose.roll))

    def outline(self) -> Points:
        """The edge of the face: the jaw as the truth has it, closed over the forehead."""
        forehead = path("0.97,-0.42 0.86,-0.8 0.58,-1.08 0,-1.22 -0.58,-1.08 -0.86,-0.8 -0.97,-0.42")
        return smooth(np.vstack([self.points[JAW], self.at(forehead)]), closed=True)
