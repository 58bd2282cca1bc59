"""Setting a project up, changing it, and moving it from state to state."""

from typing import Any

from django.db import IntegrityError, transaction

from projects import policy
from projects.audit.trail import record
from projects.clients.models import Client
from projects.errors import Invalid, Taken, WrongState
from projects.project import MOVES, Project, ProjectStatus
from projects.schemas.models import Schema, SchemaStatus
from projects.teams import grants
from projects.teams.models import User
from projects.teams.rights import require, require_founder

WORKING = {ProjectStatus.CALIBRATING, ProjectStatus.ACTIVE}


class SchemaNotPublished(WrongState):
    code = "schema_not_published"


def set_up(name: str, *, client: Client, schema: Schema, rules: object, by: User) -> Project:
    """A new project, managed by whoever sets it up."""
    require_founder(by)
    chosen = policy.read(rules)
    try:
        with transaction.atomic():
            project = Project.objects.create(
                name=name, client=client, schema=schema, policy=chosen.to_dict(), created_by=by
            )
            record("project.created", project, by=by, name=name, client=str(client.pk), schema=str(schema.pk))
            grants.found(project, role="manager", to=by, by=by)
    except IntegrityError:
        raise _taken(name) from None
    return project


def change(
    project: Project, *, by: User, name: str | None = None, rules: object = None, schema: Schema | None = None
) -> Project:
    """Change the name, some rules, or (while nothing is planned by it) the schema."""
    require(by, "manage", project)
    try:
        with transaction.atomic():
            project = (
                Project.objects.select_for_update(of=["self"]).select_related("client", "schema").get(pk=project.pk)
            )
            facts: dict[str, Any] = {}
            if name is not None:
                project.name = facts["name"] = name
            if rules is not None:
                project.policy = facts["policy"] = policy.read(rules, over=project.rules).to_dict()
            if schema is not None and schema != project.schema:
                if project.status != ProjectStatus.DRAFT:
                    raise WrongState("The schema can be changed only while the project is a draft.")
                project.schema, facts["schema"] = schema, str(schema.pk)
            if facts:
                project.save(update_fields=list(facts))
                record("project.changed", project, by=by, **facts)
    except IntegrityError:
        raise _taken(name or project.name) from None
    return project


@transaction.atomic
def transition(project: Project, *, to: str, by: User) -> Project:
    """Move the project along `MOVES`; work can begin only by a published schema."""
    require(by, "manage", project)
    if to not in MOVES:
        detail = f"must be one of {', '.join(MOVES)}"
        raise Invalid(f"The state {detail}.", errors=[{"pointer": "/to", "detail": detail}])
    was = project.status
    if to not in MOVES[was]:
        raise WrongState(f"A project that is {was} cannot become {to}; it can become {', '.join(sorted(MOVES[was]))}.")
    if to in WORKING and project.schema.status != SchemaStatus.PUBLISHED:
        raise SchemaNotPublished("Publish the project's schema first: POST /schemas/{id}/publish.")
    if not Project.objects.filter(pk=project.pk, status=was).update(status=to):
        raise WrongState(f"The project is no longer {was}. Look at it again.")
    project.status = to
    record("project.moved", project, by=by, was=was, to=to)
    return project


def _taken(name: str) -> Taken:
    return Taken(f"This client already has a project called {name}. Choose another name.")
