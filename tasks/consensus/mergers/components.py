"""The parts of the reliability merger, and which of them a project's gold has called for."""

from dataclasses import dataclass
from enum import StrEnum


class Component(StrEnum):
    """Each must earn its place on a project's own gold."""

    MODEL = "robust model of errors"
    FRAME = "common frame"
    REPAIR = "slips repaired"
    PEOPLE = "people's scales"
    PARTS = "scales by part"
    BIAS = "people's biases"
    PRIOR = "shape prior"
    STATES = "tight, loose and gross states"


@dataclass(frozen=True)
class Recipe:
    """What to merge with; nothing at all is the geometric median."""

    parts: frozenset[Component]
    temper: float = 1.0  # of the states: how far agreement is trusted

    def without(self, part: Component) -> "Recipe":
        return Recipe(self.parts - {part}, self.temper)


MEDIAN = Recipe(frozenset())
FULL = Recipe(frozenset(Component) - {Component.STATES})
FRAMELESS = Recipe(FULL.parts - {Component.FRAME, Component.PRIOR})
TEMPERS = (1.0, 0.5)
STATES = Recipe(frozenset({Component.STATES}))
PEOPLES_STATES = Recipe(frozenset({Component.STATES, Component.PEOPLE}))
