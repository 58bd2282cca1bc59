"""Drafting a schema: from a preset or from the manager's own points. A name drafted again becomes its next version."""

from typing import Any

from django.db import IntegrityError, models, transaction

from projects.audit.trail import record
from projects.errors import Invalid, NotAllowed, WrongState
from projects.landmarks.schema import BadSchema, LandmarkSchema, Problem
from projects.schemas import presets
from projects.schemas.models import Schema, SchemaStatus
from projects.teams.models import User
from projects.teams.rights import held_by, require_founder

PARTS = ("points", "contours", "mirror", "normaliser", "reference")
TRIES = 5  # at finding a free version number while others draft the same name


def readable_by(user: User) -> models.QuerySet[Schema]:
    """Schemas that she drafted or that a project uses on which she has a role; an admin sees all."""
    if user.is_superuser:
        return Schema.objects.all()
    project_model = Schema._meta.get_field("projects").related_model
    in_use = project_model.objects.filter(held_by(user, None, models.OuterRef("pk")), schema=models.OuterRef("pk"))
    return Schema.objects.filter(models.Q(created_by=user) | models.Q(models.Exists(in_use)))


def from_preset(name: str, *, preset: str, by: User) -> Schema:
    require_founder(by)
    if preset not in presets.PRESETS:
        detail = f"must be one of {', '.join(presets.PRESETS)}"
        raise Invalid(f"The preset {detail}.", errors=[{"pointer": "/preset", "detail": detail}])
    return draft(name, definition=presets.load(preset), by=by)


def draft(name: str, *, definition: dict[str, Any], by: User) -> Schema:
    require_founder(by)
    parts = _read(definition | {"name": name})
    for _ in range(TRIES):
        newest = Schema.objects.filter(created_by=by, name=name).aggregate(n=models.Max("version"))["n"] or 0
        try:
            with transaction.atomic():
                schema = Schema.objects.create(name=name, version=newest + 1, created_by=by, **parts)
                record("schema.created", schema, by=by, name=name, version=schema.version, points=len(parts["points"]))
            return schema
        except IntegrityError:
            continue  # somebody took this version number
    raise WrongState("Others are drafting this schema right now. Try again.")


@transaction.atomic
def change(schema: Schema, *, changes: dict[str, Any], by: User) -> Schema:
    """Change parts of a draft; a published version never changes."""
    require_own(schema, by)
    schema = Schema.objects.select_for_update().get(pk=schema.pk)
    if schema.status != SchemaStatus.DRAFT:
        raise WrongState("A published schema never changes. Draft its next version by POST /schemas with its name.")
    for part, value in _read(schema.definition() | changes).items():
        setattr(schema, part, value)
    schema.save(update_fields=list(PARTS))
    record("schema.changed", schema, by=by, parts=sorted(changes))
    return schema


def require_own(schema: Schema, by: User) -> None:
    if not (by.is_superuser or schema.created_by_id == by.pk):
        raise NotAllowed("Only who drafted the schema, or an admin, may change or publish it.")


def _read(definition: dict[str, Any]) -> dict[str, Any]:
    try:
        plain = LandmarkSchema.from_dict(definition).to_dict()
    except BadSchema as bad:
        raise refusal("The schema has mistakes.", bad.problems) from None
    return {part: plain[part] for part in PARTS}


def refusal(detail: str, problems: list[Problem]) -> Invalid:
    errors = [{"pointer": each.pointer, "detail": each.detail, "code": each.code} for each in problems]
    return Invalid(detail, errors=errors)
