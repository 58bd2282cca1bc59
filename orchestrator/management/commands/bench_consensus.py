"""Merge the benchmark's cases of overlapping answers and print what its judge says, one JSON line a case."""

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from tasks.consensus.mergers import MERGERS

ONE_CORE = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}


class Command(BaseCommand):
    """Each case is merged by the array command and judged by FOLDER/score.py, in processes of their own."""

    help = __doc__
    requires_system_checks = []  # It needs no database, so nothing of one should stop it.

    def add_arguments(self, parser):
        parser.add_argument("folder", type=Path, help="holds CASE.npz, CASE.truth.npz and score.py")
        parser.add_argument("--method", choices=sorted(MERGERS), default="reliability")
        parser.add_argument("--case", action="append", help="a case's name; may be repeated; all if left out")

    def handle(self, *args, **options):
        folder = options["folder"].resolve()
        if not (folder / "score.py").is_file():
            raise CommandError(f"{folder} holds no score.py: give the folder of the benchmark.")
        cases = {path.stem: path for path in sorted(folder.glob("*.npz")) if not path.stem.endswith(".truth")}
        wanted = options["case"] or list(cases)
        unknown = [name for name in wanted if name not in cases]
        if unknown:
            raise CommandError(f"{folder} has no case {', '.join(unknown)}. It has: {', '.join(cases)}.")
        for name in wanted:
            self.stdout.write(json.dumps(_judged(folder, cases[name], options["method"])))
            self.stdout.flush()


def _judged(folder: Path, case: Path, method: str) -> dict[str, object]:
    with tempfile.TemporaryDirectory() as place:
        merged = Path(place) / "merged.npz"
        began = time.monotonic()
        _run("-m", "tasks.consensus.mergers", str(case), str(merged), "--method", method)
        seconds = time.monotonic() - began
        figures = json.loads(_run("-W", "ignore", str(folder / "score.py"), str(case), str(merged)))
    return {**figures, "method": method, "seconds": round(seconds, 2)}


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
        raise CommandError(done.stderr.strip() or f"{arguments[0]} ended with code {done.returncode}.")
    return done.stdout
