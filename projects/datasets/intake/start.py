"""Starts an import: what was sent is kept, the work is left to the workers."""

from contextlib import ExitStack
from typing import IO
from uuid import UUID

from django.core.files import File
from django.core.files.storage import default_storage
from django.db import transaction

from projects.audit.trail import record
from projects.background import enqueue
from projects.datasets.intake.take import MAIN, require_open
from projects.datasets.models import Dataset, ImportBatch
from projects.errors import Invalid
from projects.ids import new_id
from projects.project import Project
from projects.teams.models import User

HEAD_BYTES = 512


class UnknownImport(Invalid):
    code = "unknown_import"


def start(project: Project, sent: File, *, dataset: str = "", by: User) -> ImportBatch:
    """Keep a zip or a manifest and have it brought in."""
    require_open(project, by=by)
    kind, pk = kind_of(sent), new_id()
    with ExitStack() as undo:
        name = default_storage.save(f"imports/{project.pk}/{pk}.{kind}", sent)
        undo.callback(default_storage.delete, name)
        batch = _enter(project, kind, name, dataset, by, pk)
        undo.pop_all()
    return batch


@transaction.atomic
def _enter(project: Project, kind: str, name: str, dataset: str, by: User, pk: UUID) -> ImportBatch:
    place, _ = Dataset.objects.get_or_create(project=project, name=dataset or MAIN)
    batch = ImportBatch.objects.create(pk=pk, project=project, dataset=place, kind=kind, file=name, created_by=by)
    record("import.started", batch, by=by, kind=kind, dataset=place.name)
    enqueue("projects.run_import", batch.pk)
    return batch


@transaction.atomic
def start_folder(project: Project, path: str, *, dataset: str = "", by: User) -> ImportBatch:
    """An import of a folder of this machine, or the one that was broken off before; the caller runs it."""
    require_open(project, by=by)
    place, _ = Dataset.objects.get_or_create(project=project, name=dataset or MAIN)
    begun = {"project": project, "dataset": place, "kind": "folder", "file": path}
    if batch := ImportBatch.objects.filter(**begun, finished_at=None).first():
        return batch
    batch = ImportBatch.objects.create(**begun, created_by=by)
    record("import.started", batch, by=by, kind="folder", dataset=place.name)
    return batch


def kind_of(sent: IO[bytes] | File) -> str:
    """zip, csv or json, by content; the name says nothing."""
    sent.seek(0)
    head = sent.read(HEAD_BYTES)
    sent.seek(0)
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return "zip"
    text = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if text.startswith((b"{", b"[")):
        return "json"
    if text and not any(byte < 9 for byte in text):
        return "csv"
    raise UnknownImport("Send a zip of pictures, or a list of pictures as CSV with a header line or as JSON.")
