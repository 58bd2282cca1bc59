"""What somebody types at the prompt of a home whose service runs."""

import subprocess
import sys
from pathlib import Path

from orchestrator.embedded.addresses import BESIDE_MANAGE_PY
from tests.faults.terminal import surroundings

DATA = BESIDE_MANAGE_PY.parent / "shared" / "data"
PATIENCE_SECONDS = 240


def start(home: Path, *words: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "manage.py", *words],
        cwd=BESIDE_MANAGE_PY,
        env=surroundings(home),
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


def run(home: Path, *words: str) -> tuple[int, str, str]:
    """The exit code, what was printed, and what was said beside it."""
    process = start(home, *words)
    try:
        printed, said = process.communicate(timeout=PATIENCE_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        raise
    return process.returncode, printed, said
