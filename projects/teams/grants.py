"""Giving and taking back roles; the only writer of the rights tables."""

from typing import TYPE_CHECKING, Any

from django.contrib.auth.models import Permission
from django.db import transaction

from projects.audit.trail import record
from projects.errors import Invalid, NotAllowed
from projects.teams.models import Grant, ProjectGroupRight, ProjectUserRight, Team, User
from projects.teams.rights import require
from projects.teams.roles import ROLES

if TYPE_CHECKING:
    from projects.project import Project


@transaction.atomic
def give(project: "Project", *, role: str, to: User | Team, by: User) -> Grant:
    """Give a role to a person or a team; given twice it is there once."""
    require(by, "manage", project)
    return found(project, role=role, to=to, by=by)


@transaction.atomic
def found(project: "Project", *, role: str, to: User | Team, by: User) -> Grant:
    """Give a role without asking for rights: for the one who has just set the project up."""
    if role not in ROLES:
        detail = f"must be one of {', '.join(ROLES)}"
        raise Invalid(f"The role {detail}.", errors=[{"pointer": "/role", "detail": detail}])
    grant, is_new = Grant.objects.get_or_create(project=project, role=role, **_holder(to), defaults={"given_by": by})
    if is_new:
        _write_rights(project, to)
        record("grant.given", grant, by=by, role=role, to=str(to.pk))
    return grant


@transaction.atomic
def withdraw(project: "Project", *, role: str, to: User | Team, by: User) -> None:
    """Take a role back; nobody may take her own last way to manage the project."""
    require(by, "manage", project)
    grant = Grant.objects.select_for_update().filter(project=project, role=role, **_holder(to)).first()
    if grant is None:
        return
    if to == by and role == "manager" and not by.is_superuser:
        raise NotAllowed("You cannot take your own manager role. Ask an admin or another manager.")
    record("grant.withdrawn", grant, by=by, role=role, to=str(to.pk))
    grant.delete()
    _write_rights(project, to)


def _holder(to: User | Team) -> dict[str, Any]:
    return {"user": to, "team": None} if isinstance(to, User) else {"user": None, "team": to}


def _write_rights(project: "Project", to: User | Team) -> None:
    """Make the holder's rights on the project exactly those of the roles given."""
    roles = Grant.objects.filter(project=project, **_holder(to)).values_list("role", flat=True)
    codenames = {f"{right}_project" for role in roles for right in ROLES[role]}
    wanted = Permission.objects.filter(content_type__app_label="projects", codename__in=codenames)
    if isinstance(to, User):
        rows, holder = ProjectUserRight.objects, {"user": to}
    else:
        rows, holder = ProjectGroupRight.objects, {"group": to.group}
    rows.filter(content_object=project, **holder).exclude(permission__in=wanted).delete()
    for permission in wanted:
        rows.get_or_create(content_object=project, permission=permission, **holder)
