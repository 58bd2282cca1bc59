"""`replay`: recorded people answer once more, through HTTP, and everything that comes out is checked."""

import json
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from orchestrator.embedded.child import StartFailed
from orchestrator.embedded.running import running
from orchestrator.outside.client import Client
from orchestrator.outside.download import Damaged
from orchestrator.outside.first_admin import FILE, NoAdminFile, sign_in
from orchestrator.outside.waiting import Stuck
from orchestrator.outside.wire import Problem, Unreachable, pool
from orchestrator.replay.recording import Unreadable
from orchestrator.replay.run import READERS, Figures, fresh_name, run
from orchestrator.replay.stage import NotTaken

FAILURES = (Problem, Unreachable, Unreadable, Stuck, Damaged, NotTaken, NoAdminFile, StartFailed)


class Command(BaseCommand):
    help = "Let recorded people submit their own recorded answers through HTTP; print one line of JSON."
    requires_system_checks = ()  # The database may not be there yet.

    def add_arguments(self, parser):
        parser.add_argument("source", choices=sorted(READERS))
        parser.add_argument("path", type=Path, help="the recording: a CSV file, or the folder of photographs")
        parser.add_argument("--url", help="a server that runs; otherwise that of this home, started where needed")
        parser.add_argument(
            "--admin", type=Path, metavar="FILE", help=f"username and password; otherwise {FILE} of this home"
        )
        parser.add_argument("--name", help="of the project; a new one each time unless given")
        parser.add_argument("--limit", type=int, metavar="N", help="only the first N assets")
        parser.add_argument("--people", type=int, metavar="N", help="only the first N people")
        parser.add_argument("--into", type=Path, help="keep the downloaded release in this folder")
        parser.add_argument("--json", action="store_true", help="print the line of JSON and nothing else")

    def handle(self, *, source, path, url, admin, name, limit, people, into, **options):
        try:
            recording = READERS[source](path).limited(assets=limit, people=people)
            serving = nullcontext(url) if url else running(settings.HOME)
            with serving as address, pool() as http, _shown(options["json"]) as (say, count):
                signed_in = sign_in(Client(address, http=http), admin or settings.HOME / FILE)
                figures: Figures = run(
                    signed_in,
                    recording,
                    name=name or fresh_name(source),
                    into=into,
                    say=say,
                    count=count,
                )
        except KeyboardInterrupt:
            raise CommandError(
                "Stopped on the way; what it made stays. Another run makes its own.", returncode=130
            ) from None
        except (OSError, *FAILURES) as failure:
            raise CommandError(str(failure)) from failure
        self.stdout.write(json.dumps(figures.to_dict()))
        if not figures.is_right():
            raise CommandError(
                "What came out is not what went in: see manifest_ok, raw_equal, pts_equal, labels_whole."
            )


@contextmanager
def _shown(quiet: bool) -> Iterator[tuple[Callable[[str], None], Callable[[int, int], None]]]:
    """A bar on a terminal, lines with the time elsewhere, nothing if asked; always beside the line of JSON."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    console = Console(stderr=True)
    is_bar = console.is_terminal and not quiet
    with Progress(*columns, console=console, disable=not is_bar, transient=True) as progress:
        bar = progress.add_task("Waiting for the server", total=None)

        def say(text: str) -> None:
            progress.update(bar, description=text)
            if not is_bar and not quiet:
                sys.stderr.write(f"{time.strftime('%H:%M:%S')} {text}\n")

        yield say, lambda done, of: progress.update(bar, completed=done, total=of)
