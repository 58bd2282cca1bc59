"""Well-known schemas, ready to be copied into one's own: `load("ibug68")`."""

import json
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent


def _read(name: str) -> dict[str, Any]:
    schema: dict[str, Any] = json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))
    return schema


PRESETS: dict[str, Callable[[], dict[str, Any]]] = {
    name: partial(_read, name) for name in ("ibug68", "wflw98", "lfpw29", "lfpw35", "cofw29", "face5", "fish27")
}


def load(name: str) -> dict[str, Any]:
    """A fresh dict that `LandmarkSchema.from_dict` reads. Raises KeyError for a name not in PRESETS."""
    return PRESETS[name]()
