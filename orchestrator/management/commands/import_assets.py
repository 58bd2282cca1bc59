"""Brings the pictures of a folder into a project; broken off, it goes on where it was when started again."""

from pathlib import Path
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError
from django.db.models import Q
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from projects.datasets.intake import batch
from projects.datasets.intake.start import start_folder
from projects.datasets.models import ImportBatch, ImportStatus
from projects.errors import Refused
from projects.project import Project
from projects.teams.models import User

MOST_SHOWN = 50


class Command(BaseCommand):
    help = "Bring the pictures of a folder into a project."

    def add_arguments(self, parser):
        parser.add_argument("project", help="the project's id or name")
        parser.add_argument("folder", type=Path)
        parser.add_argument("--dataset", default="", help="the dataset they belong to (main)")
        parser.add_argument("--by", default="", help="the username of the manager who brings them (who set it up)")

    def handle(self, *args, **options):
        project = _project(options["project"])
        by = _person(options["by"]) if options["by"] else project.created_by
        try:
            begun = start_folder(project, str(options["folder"].resolve()), dataset=options["dataset"], by=by)
        except Refused as refused:
            raise CommandError(refused.detail) from None
        console = Console(file=self.stdout, highlight=False)
        columns = [TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn()]
        with Progress(*columns, console=console) as progress:
            bar = progress.add_task(f"Importing into {project.name}", total=None)
            batch.run(
                begun.pk,
                for_seconds=float("inf"),
                watch=lambda now: progress.update(bar, total=now.rows, completed=now.done),
            )
        _report(console, ImportBatch.objects.get(pk=begun.pk))


def _project(named: str) -> Project:
    try:
        same = Q(pk=UUID(named))
    except ValueError:
        same = Q(name=named)
    found = list(Project.objects.select_related("created_by").filter(same)[:2])
    if len(found) != 1:
        raise CommandError(f"{'More than one' if found else 'No'} project is called {named}. Give its id.")
    return found[0]


def _person(username: str) -> User:
    try:
        return User.objects.get(username=username)
    except User.DoesNotExist:
        raise CommandError(f"Nobody is called {username}.") from None


def _report(console: Console, done: ImportBatch) -> None:
    if done.status == ImportStatus.FAILED:
        raise CommandError(done.reason)
    if done.status != ImportStatus.DONE:
        raise CommandError("Another process is importing this folder. Wait a minute and start again.")
    if done.refused:
        table = Table("row", "file", "code", "what to do", title=f"{done.refused} refused")
        for refusal in done.refusals.order_by("row")[:MOST_SHOWN]:
            table.add_row(str(refusal.row), refusal.key, refusal.code, refusal.detail)
        console.print(table)
    if done.refused > MOST_SHOWN:
        console.print(f"… and {done.refused - MOST_SHOWN} more: GET /api/v1/imports/{done.pk}/refusals")
    console.print(f"{done.created} brought in, {done.existing} there already, {done.refused} refused.")
