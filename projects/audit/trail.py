"""Writing the audit trail: the record commits with the deed, or not at all."""

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import connection, models

from projects.audit.models import Event
from projects.audit.verbs import VERBS

if TYPE_CHECKING:
    from projects.teams.models import User


def record(
    verb: str, subject: models.Model, *, by: "User | None", project: models.Model | UUID | None = None, **facts: Any
) -> Event:
    """Add one event. `project` may be left out where the subject is a project or knows its own."""
    assert connection.in_atomic_block, "a deed and its record commit together"
    assert verb in VERBS, f"{verb} is not in projects/audit/verbs.py"
    kind = subject._meta.model_name or ""
    project_id = getattr(project, "pk", project) or (
        subject.pk if kind == "project" else getattr(subject, "project_id", None)
    )
    return Event.objects.create(
        verb=verb, actor=by, subject_kind=kind, subject_id=str(subject.pk), project_id=project_id, facts=facts
    )
