"""Brings in an archive, a folder or a list row by row: it may be killed at any row, and goes on there."""

import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing
from datetime import timedelta
from itertools import islice
from uuid import UUID

from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import F, Q
from django.db.models.functions import Now

from projects.audit.trail import record
from projects.background import enqueue
from projects.datasets.intake import describe
from projects.datasets.intake.manifest import open_csv, open_json
from projects.datasets.intake.register import Outcome, register
from projects.datasets.intake.scan import Row, Rows, open_folder, open_zip
from projects.datasets.intake.take import add_image, require_open
from projects.datasets.models import ImportBatch, ImportStatus, Refusal
from projects.errors import Invalid, Refused

SOURCES: dict[str, Callable[[str], AbstractContextManager[Rows]]] = {
    "zip": open_zip,
    "csv": open_csv,
    "json": open_json,
    "folder": open_folder,
}
SILENCE = timedelta(seconds=60)  # a running import that gave no sign of life for so long is dead
SLICE_SECONDS = 600.0  # then others get their turn; well below the time limit of a job
MOST_ATTEMPTS = 3  # a row at which the worker died as often is refused
DESCRIPTIONS_AT_ONCE = 500


class GaveUp(Invalid):
    code = "gave_up"


def run(
    batch_id: UUID | str,
    *,
    for_seconds: float = SLICE_SECONDS,
    watch: Callable[[ImportBatch], None] = lambda batch: None,
) -> None:
    """Go on with an import; does nothing if it is finished or somebody else is at it.

    Each row (or a chunk of descriptions) is done in one transaction together with the count of it, under the lock of
    the batch's row: so every row is counted once, and of two workers one stops at once.
    """
    batch = _claim(batch_id)
    if batch is None:
        return
    until = time.monotonic() + for_seconds
    try:
        require_open(batch.project, by=batch.created_by)
        with SOURCES[batch.kind](batch.file) as rows:
            if batch.rows is None:
                batch.rows = sum(1 for _ in rows())
                ImportBatch.objects.filter(pk=batch.pk).update(rows=batch.rows, beat_at=Now())
            watch(batch)
            for chunk in _chunks(islice(rows(), batch.done, None), tried=batch.attempts):
                if not _do(batch, chunk):
                    return
                watch(batch)
                if time.monotonic() > until:
                    _hand_on(batch)
                    return
        _finish(batch, ImportStatus.DONE)
    except Refused as refused:  # the whole of it cannot be used
        _finish(batch, ImportStatus.FAILED, reason=refused.detail)


def sweep(*, at_once: int = 100) -> int:
    """Send again whatever waits or went silent; a folder can only be read where its command runs."""
    silent = Q(beat_at__lt=Now() - SILENCE) | Q(beat_at=None, created_at__lt=Now() - SILENCE)
    unfinished = ImportBatch.objects.filter(silent, status__in=[ImportStatus.WAITING, ImportStatus.RUNNING])
    found = list(unfinished.exclude(kind="folder").order_by("id").values_list("pk", flat=True)[:at_once])
    for pk in found:
        enqueue("projects.run_import", pk)
    return len(found)


@transaction.atomic
def _claim(batch_id: UUID | str) -> ImportBatch | None:
    """The batch, if it is ours now: it waits, or its worker fell silent. Locked means that somebody is at it."""
    free = Q(status=ImportStatus.WAITING) | Q(status=ImportStatus.RUNNING, beat_at__lt=Now() - SILENCE)
    locked = ImportBatch.objects.select_for_update(of=["self"], skip_locked=True)
    batch = locked.select_related("project", "dataset", "created_by").filter(free, pk=batch_id).first()
    if batch is not None:
        ImportBatch.objects.filter(pk=batch.pk).update(
            status=ImportStatus.RUNNING, beat_at=Now(), attempts=F("attempts") + 1
        )
    return batch


def _chunks(rows: Iterator[Row], *, tried: int) -> Iterator[list[Row]]:
    """Files one by one, descriptions together. The row at which the worker died too often comes alone, refused."""
    if tried >= MOST_ATTEMPTS:
        for row in islice(rows, 1):
            yield [Row(row.key, refused=GaveUp("The worker broke off here several times. Look at this file."))]
    chunk: list[Row] = []
    for row in rows:
        if row.open is None:
            chunk.append(row)
            if len(chunk) == DESCRIPTIONS_AT_ONCE:
                yield chunk
                chunk = []
        else:
            if chunk:
                yield chunk
                chunk = []
            yield [row]
    if chunk:
        yield chunk


@transaction.atomic
def _do(batch: ImportBatch, chunk: list[Row]) -> bool:
    """Do a chunk and count it; False if somebody else has gone on with the batch."""
    ours = ImportBatch.objects.select_for_update().filter(pk=batch.pk, status=ImportStatus.RUNNING, done=batch.done)
    if ours.first() is None:
        return False
    if chunk[0].open is not None:
        outcomes = [_take(batch, chunk[0])]
    else:
        outcomes = register(
            batch.project,
            [describe.placed(row.about, batch.dataset.name) if row.about else _reason(row) for row in chunk],
            by=batch.created_by,
        )
    refusals = [
        Refusal(
            batch=batch, row=number, key=_writable(row.key), code=refused.code, detail=_writable(refused.detail, 2000)
        )
        for number, (row, outcome) in enumerate(zip(chunk, outcomes, strict=True), start=batch.done)
        if (refused := outcome.refused)
    ]
    Refusal.objects.bulk_create(refusals)
    created = sum(outcome.created for outcome in outcomes)
    batch.created += created
    batch.refused += len(refusals)
    batch.existing += len(chunk) - created - len(refusals)
    batch.done += len(chunk)
    counts = {name: getattr(batch, name) for name in ("created", "refused", "existing", "done")}
    ImportBatch.objects.filter(pk=batch.pk).update(beat_at=Now(), attempts=0, **counts)
    return True


def _take(batch: ImportBatch, row: Row) -> Outcome:
    assert row.open is not None
    try:
        about = describe.placed(describe.read({"key": row.key}), batch.dataset.name)
        with closing(row.open()) as content:
            asset, created = add_image(batch.project, content, about, by=batch.created_by)
    except Refused as refused:
        return Outcome(refused=refused)
    return Outcome(asset_id=asset.pk, created=created)


def _reason(row: Row) -> Refused:
    assert row.refused is not None, "a row is a file, a description or a refusal"
    return row.refused


def _hand_on(batch: ImportBatch) -> None:
    with transaction.atomic():
        ours = ImportBatch.objects.filter(pk=batch.pk, status=ImportStatus.RUNNING, done=batch.done)
        if ours.update(status=ImportStatus.WAITING, beat_at=Now()):
            enqueue("projects.run_import", batch.pk)


@transaction.atomic
def _finish(batch: ImportBatch, status: ImportStatus, *, reason: str = "") -> None:
    ours = ImportBatch.objects.filter(pk=batch.pk, status=ImportStatus.RUNNING, done=batch.done)
    if not ours.update(status=status, reason=reason, finished_at=Now()):
        return
    counts = {name: getattr(batch, name) for name in ("rows", "created", "existing", "refused")}
    record("import.finished", batch, by=batch.created_by, status=status, reason=reason, **counts)
    if batch.kind != "folder":
        transaction.on_commit(lambda: default_storage.delete(batch.file), robust=True)


def _writable(text: str, longest: int = 300) -> str:
    """Text from outside as the table can hold it."""
    return text.replace("\0", "\ufffd").encode("utf-8", "replace").decode()[:longest]
