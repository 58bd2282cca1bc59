"""Small schemas that show one thing each."""

from typing import Any

import pytest

from projects.landmarks.schema import LandmarkSchema
from projects.schemas import presets


@pytest.fixture
def eyes() -> dict[str, Any]:
    """A complete schema: two eyes, one unit apart, and a nose between and below them."""
    return {
        "name": "eyes and nose",
        "points": [
            {"key": key, "name": key, "definition": f"Click the {key}.", "region": region, "tolerance": 0.1}
            for key, region in (("left_eye", "eyes"), ("right_eye", "eyes"), ("nose", "nose"))
        ],
        "contours": [
            {"key": "triangle", "name": "Triangle", "points": ["left_eye", "right_eye", "nose"], "closed": True}
        ],
        "mirror": [["left_eye", "right_eye"]],
        "normaliser": {"kind": "distance", "a": ["left_eye"], "b": ["right_eye"]},
        "reference": {"left_eye": [0, 0], "right_eye": [1, 0], "nose": [0.5, 0.75]},
    }


@pytest.fixture
def eyes_schema(eyes) -> LandmarkSchema:
    return LandmarkSchema.from_dict(eyes)


@pytest.fixture
def ibug() -> LandmarkSchema:
    return LandmarkSchema.from_dict(presets.load("ibug68"))
