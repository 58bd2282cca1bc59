"""What an imagined person looks like: colours, hair and what she wears, chosen by chance."""

import random
from dataclasses import dataclass, replace

from orchestrator.outside.faces.canvas import Colour
from orchestrator.outside.faces.shape import Build, Expression, Pose

SKINS: list[Colour] = [
    (255, 224, 200), (250, 208, 178), (240, 190, 152), (224, 168, 128),
    (200, 142, 104), (172, 114, 78), (138, 88, 60), (104, 66, 46),
]  # fmt: skip
HAIRS: list[Colour] = [
    (36, 28, 32), (60, 42, 36), (96, 62, 42), (140, 90, 52), (196, 146, 78), (226, 190, 120),
    (166, 74, 42), (176, 176, 184), (226, 226, 230), (214, 106, 132), (74, 108, 150),
]  # fmt: skip
EYES: list[Colour] = [(74, 48, 34), (98, 66, 40), (72, 104, 70), (70, 110, 148), (96, 116, 128), (52, 38, 34)]
CLOTHES: list[Colour] = [
    (46, 74, 98), (208, 92, 74), (238, 236, 228), (60, 110, 98), (232, 178, 74),
    (96, 72, 112), (52, 54, 62), (150, 176, 196), (190, 80, 110),
]  # fmt: skip
BACKGROUNDS: list[tuple[Colour, Colour]] = [
    ((244, 214, 196), (236, 184, 160)), ((206, 226, 228), (164, 202, 208)), ((250, 232, 190), (244, 208, 132)),
    ((216, 222, 204), (180, 196, 160)), ((222, 212, 232), (190, 174, 212)), ((240, 238, 232), (216, 210, 200)),
    ((92, 124, 140), (64, 94, 112)), ((70, 78, 96), (48, 54, 70)), ((238, 200, 204), (226, 164, 172)),
]  # fmt: skip

STYLES = ("short", "parted", "fringe", "bob", "long", "curly", "bun", "bald", "pigtails", "beanie", "headscarf", "cap")
GARMENTS = ("crew", "vee", "collar", "hood", "turtleneck")
PATTERNS = ("disc", "rays", "dots", "stripes", "plain", "hills")
OCCLUDERS = ("mask", "sunglasses", "mug", "scarf", "hand")


@dataclass(frozen=True, kw_only=True)
class Look:
    """A whole person; the same look is always drawn the same."""

    build: Build
    expression: Expression
    pose: Pose
    skin: Colour
    hair: Colour
    eyes: Colour
    cloth: Colour
    background: tuple[Colour, Colour]
    style: str
    garment: str
    pattern: str
    beard: str  # "", "stubble", "full", "moustache"
    glasses: str  # "", "round", "square"
    occluder: str  # "" or one of OCCLUDERS
    lashes: bool
    freckles: bool
    earrings: bool
    brow_width: float  # half face widths
    light_from: float  # -1 left … 1 right
    light: float  # 1 = as drawn; less is dusk
    warmth: float  # -1 cold … 1 warm
    seed: int  # for freckles, curls and other small chance

    @classmethod
    def imagine(cls, chance: random.Random) -> "Look":
        skin, hair = chance.choice(SKINS), chance.choice(HAIRS)
        if SKINS.index(skin) >= 4 and chance.random() < 0.75:
            hair = chance.choice(HAIRS[:3])
        style = chance.choice(STYLES)
        masculine = style in {"short", "parted", "bald", "cap", "beanie", "curly"} and chance.random() < 0.6
        cloth = chance.choice(CLOTHES)
        background = chance.choice([pair for pair in BACKGROUNDS if _apart(pair[0], skin) and _apart(pair[1], cloth)])
        return cls(
            build=Build.imagine(chance),
            expression=Expression.imagine(chance),
            pose=Pose.imagine(chance),
            skin=skin,
            hair=hair,
            eyes=chance.choice(EYES if SKINS.index(skin) < 4 else [EYES[0], EYES[1], EYES[5]]),
            cloth=cloth,
            background=background,
            style=style,
            garment=chance.choice(GARMENTS),
            pattern=chance.choice(PATTERNS),
            beard=chance.choice(["", "stubble", "full", "moustache"]) if masculine else "",
            glasses=chance.choice(["round", "square"]) if chance.random() < 0.22 else "",
            occluder="",
            lashes=not masculine,
            freckles=chance.random() < 0.15,
            earrings=not masculine and chance.random() < 0.5,
            brow_width=chance.uniform(0.055, 0.085) + (0.025 if masculine else 0.0),
            light_from=chance.uniform(-1, 1),
            light=chance.choice([1.0, 1.0, 1.0, chance.uniform(0.72, 0.92)]),
            warmth=chance.uniform(-0.6, 0.9),
            seed=chance.randrange(1 << 30),
        )

    def covered_by(self, occluder: str) -> "Look":
        """The same person behind something; two things before the eyes would be one too many."""
        return replace(self, occluder=occluder, glasses="" if occluder == "sunglasses" else self.glasses)


def _apart(first: Colour, second: Colour) -> bool:
    return sum(abs(a - b) for a, b in zip(first, second, strict=True)) > 90
