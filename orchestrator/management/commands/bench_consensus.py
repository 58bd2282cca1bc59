"""Merge the benchmark's cases of overlapping answers and print what its judge says, one JSON line a case."""

import json
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from orchestrator.bench import judge, overlap, third_person
from tasks.consensus.mergers import MERGERS
from tasks.consensus.mergers.arrayfile import BadArrayFile

DYNAMIC_CASE = "crowd_k5_bad20"


class Command(BaseCommand):
    """Each case is merged by the array command and judged by FOLDER/score.py, in processes of their own."""

    help = __doc__
    requires_system_checks = []  # It needs no database, so nothing of one should stop it.

    def add_arguments(self, parser):
        parser.add_argument("folder", type=Path, help="holds CASE.npz, CASE.truth.npz and score.py")
        parser.add_argument("--method", choices=sorted(MERGERS), default="reliability")
        parser.add_argument("--case", action="append", help="a case's name; may be repeated; all if left out")
        parser.add_argument("--baselines", action="store_true", help="judge simple ways of merging beside the method")
        parser.add_argument(
            "--dynamic",
            action="store_true",
            help=f"instead: reveal the answers of {DYNAMIC_CASE} (or --case) one by one, ask only where in doubt",
        )
        parser.add_argument("--orders", type=int, default=1, help="with --dynamic: in so many random orders")
        parser.add_argument(
            "--lfpw", type=Path, metavar="PATH", help="instead: LFPW's annotations.csv, two foretell one"
        )

    def handle(self, *args, **options):
        try:
            for line in self._lines(options):
                self.stdout.write(json.dumps(line, allow_nan=False))
                self.stdout.flush()
        except (judge.Failed, third_person.BadFile, BadArrayFile) as error:
            raise CommandError(str(error)) from error

    def _lines(self, options):
        if options["lfpw"] is not None:
            yield from third_person.foretell(third_person.read_faces(options["lfpw"]))
        elif options["dynamic"]:
            for case in self._cases(options, default=[DYNAMIC_CASE]):
                for order in range(options["orders"]):
                    yield from overlap.compare(case, order=order)
        else:
            folder = options["folder"].resolve()
            for case in self._cases(options):
                yield judge.method(folder, case, options["method"])
                if options["baselines"]:
                    yield from judge.baselines(folder, case)

    def _cases(self, options, default=None):
        folder = options["folder"].resolve()
        if not (folder / "score.py").is_file():
            raise CommandError(f"{folder} holds no score.py: give the folder of the benchmark.")
        cases = {path.stem: path for path in sorted(folder.glob("*.npz")) if not path.stem.endswith(".truth")}
        wanted = options["case"] or default or list(cases)
        unknown = [name for name in wanted if name not in cases]
        if unknown:
            raise CommandError(f"{folder} has no case {', '.join(unknown)}. It has: {', '.join(cases)}.")
        return [cases[name] for name in wanted]
