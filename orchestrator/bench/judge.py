"""Merge a case and have the benchmark's own judge score it, each in a process of its own on one core."""

import json
import math
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from django.conf import settings

from tasks.consensus.mergers.arrayfile import read
from tasks.consensus.mergers.baselines import BASELINES

ONE_CORE = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}

Figures = dict[str, object]


class Failed(RuntimeError):
    """A process ended badly; the message is what it said."""


def method(folder: Path, case: Path, name: str) -> Figures:
    """Merge by one of MERGERS, with the array command."""
    with tempfile.TemporaryDirectory() as place:
        merged = Path(place) / "merged.npz"
        began = time.monotonic()
        _run("-m", "tasks.consensus.mergers", str(case), str(merged), "--method", name)
        seconds = time.monotonic() - began
        return {**_judged(folder, case, merged), "method": name, "seconds": round(seconds, 2)}


def baselines(folder: Path, case: Path) -> Iterator[Figures]:
    """Merge by each of BASELINES; what leaves a whole image without a point has no mean error, but null."""
    crowd = read(case)
    with tempfile.TemporaryDirectory() as place:
        merged = Path(place) / "merged.npz"
        for name, merge in BASELINES.items():
            began = time.monotonic()
            points = merge(crowd)
            seconds = time.monotonic() - began
            np.savez(merged, image=np.unique(crowd.image), points=points)
            yield {**_judged(folder, case, merged), "method": f"baseline: {name}", "seconds": round(seconds, 2)}


def _judged(folder: Path, case: Path, merged: Path) -> Figures:
    figures = json.loads(_run("-W", "ignore", str(folder / "score.py"), str(case), str(merged)))
    return {name: _null_if_not_a_number(value) for name, value in figures.items()}


def _null_if_not_a_number(value: object) -> object:
    if isinstance(value, dict):
        return {name: _null_if_not_a_number(part) for name, part in value.items()}
    return None if isinstance(value, float) and not math.isfinite(value) else value


def _run(*arguments: str) -> str:
    done = subprocess.run(  # noqa: S603 - our own interpreter, with paths the caller named
        [sys.executable, *arguments],
        cwd=settings.BASE_DIR,
        env={**os.environ, **ONE_CORE},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise Failed(done.stderr.strip() or f"{arguments[0]} ended with code {done.returncode}.")
    return done.stdout
