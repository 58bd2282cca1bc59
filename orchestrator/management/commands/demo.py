"""`demo`: a small living world to look at, made through the HTTP API."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from orchestrator.demo.run import Size, run
from orchestrator.demo.world import FACES, LEFT_OPEN
from orchestrator.embedded.child import StartFailed
from orchestrator.embedded.running import running, who
from orchestrator.outside.client import Client
from orchestrator.outside.first_admin import NoAdminFile
from orchestrator.outside.setting_up import NotOurs
from orchestrator.outside.waiting import Stuck
from orchestrator.outside.wire import Problem, Unreachable, pool


class Command(BaseCommand):
    help = "Start everything (`up`) with a small living world: people, faces, answers, reviews, a release."
    requires_system_checks = ()  # The database is not there yet.

    def add_arguments(self, parser):
        parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: this machine only)")
        parser.add_argument("--port", type=int, default=8000, help="0 takes any free one (default: 8000)")
        parser.add_argument("--exit", action="store_true", help="leave when the world is there instead of staying up")
        parser.add_argument("--faces", type=int, default=FACES, help=f"how many faces (default: {FACES})")

    def handle(self, *, host, port, faces, **options):
        left_open = min(LEFT_OPEN, faces // 4)
        ours_to_keep = not options["exit"] and who(settings.HOME) is None
        try:
            with running(settings.HOME, host=host, port=port) as url:
                with pool() as http:
                    said = run(
                        Client(url, http=http),
                        settings.HOME,
                        size=Size(faces=faces, left_open=left_open),
                        step=shown(Console(stderr=True)),
                    )
                self.stdout.write(said)
                if ours_to_keep:
                    self.stdout.write("Ctrl-C stops everything.")
                    self.stdout.flush()
                    stay()
        except KeyboardInterrupt:
            raise CommandError(
                "Stopped on the way. Start it again and it goes on from there.", returncode=130
            ) from None
        except (Problem, Unreachable, Stuck, NotOurs, NoAdminFile, StartFailed) as failure:
            raise CommandError(str(failure)) from failure


def stay() -> None:
    try:
        while True:
            time.sleep(3600)
    except KeyboardInterrupt:
        return


def shown(console: Console):
    """Steps as lines of progress on a terminal, as plain lines elsewhere."""

    @contextmanager
    def step(title: str, total: int) -> Iterator[Callable[[int], None]]:
        columns = (TextColumn("{task.description:<32}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
        with Progress(*columns, console=console) as progress:
            line = progress.add_task(title, total=total)
            yield lambda done: progress.update(line, completed=done)

    return step
