"""Every submitted answer exactly as it came, line by line."""

import json
from collections.abc import Iterator
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


def _lines(project: Project) -> Iterator[bytes]:
    answers = Annotation.objects.filter(project=project).select_related("task__asset", "annotator").order_by("pk")
    answers = answers.only(*COLUMNS, "task__asset__key", "annotator__username")
    last = BEFORE_ALL
    while batch := list(answers.filter(pk__gt=last)[:BATCH]):
        yield b"".join(json.dumps(_row(each), ensure_ascii=False).encode() + b"\n" for each in batch)
        last = batch[-1].pk


COLUMNS = (
    *("task_id", "assignment_id", "schema_id", "round", "points", "visibility", "attributes"),
    *("seconds", "leased_at", "submitted_at"),
)


def _row(answer: Annotation) -> dict[str, Any]:
    return {
        "annotation": str(answer.pk),
        "asset": answer.task.asset.key,
        "asset_id": str(answer.task.asset_id),
        "annotator": answer.annotator.username,
        "task": str(answer.task_id),
        "assignment": str(answer.assignment_id),
        "schema": str(answer.schema_id),
        "round": answer.round,
        "points": answer.points,
        "visibility": answer.visibility,
        "attributes": answer.attributes,
        "seconds": answer.seconds,
        "leased_at": answer.leased_at.isoformat(),
        "submitted_at": answer.submitted_at.isoformat(),
    }
