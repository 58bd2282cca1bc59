"""Every submitted answer exactly as it came, line by line."""

import json
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import transaction

from projects.audit.trail import record
from projects.project import Project
from projects.teams.rights import require
from tasks.annotation.models import Annotation

if TYPE_CHECKING:
    from projects.teams.models import User

BATCH = 1000
BEFORE_ALL = UUID(int=0)


def export_answers(project: Project, *, by: "User") -> Iterator[bytes]:
    """JSON Lines of all answers committed so far, oldest first, batch by batch in the memory of one batch.

    Answers never change and none is removed, so batches by id need no open cursor or transaction while a slow reader
    takes them; numbers are written so that reading gives the same float64.
    """
    require(by, "manage", project)
    with transaction.atomic():
        record("answers.exported", project, by=by)
    return _lines(project)


FIELDS = {  # name in a line: where it is
    "annotation": "pk",
    "asset": "task__asset__key",
    "asset_id": "task__asset_id",
    "annotator": "annotator__username",
    "task": "task_id",
    "assignment": "assignment_id",
    "schema": "schema_id",
    "round": "round",
    "points": "points",
    "visibility": "visibility",
    "attributes": "attributes",
    "seconds": "seconds",
    "leased_at": "leased_at",
    "submitted_at": "submitted_at",
}


def _lines(project: Project) -> Iterator[bytes]:
    answers = Annotation.objects.filter(project=project).order_by("pk").values_list(*FIELDS.values())
    last = BEFORE_ALL
    while batch := list(answers.filter(pk__gt=last)[:BATCH]):
        yield b"".join(_line(row) for row in batch)
        last = batch[-1][0]


def _line(row: Sequence[Any]) -> bytes:
    line = dict(zip(FIELDS, row, strict=True))
    return json.dumps(line, ensure_ascii=False, default=_text).encode() + b"\n"


def _text(value: UUID | datetime) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)
