"""Who may do what on a project: one question, asked of guardian's own tables without loading permissions one by one."""

from typing import TYPE_CHECKING, Any

from django.db.models import Exists, OuterRef, Q

from projects.errors import NotAllowed
from projects.teams.models import ProjectGroupRight, ProjectUserRight

if TYPE_CHECKING:
    from projects.teams.models import User


def held_by(user: "User", may: str | None, project: Any) -> Q:
    """The condition "the user holds this right (or any, where None) on this project"; `project` may be an OuterRef."""
    named = {} if may is None else {"permission__codename": f"{may}_project"}
    return Q(Exists(ProjectUserRight.objects.filter(content_object=project, user=user, **named))) | Q(
        Exists(ProjectGroupRight.objects.filter(content_object=project, group__user=user, **named))
    )


def where_held(user: "User", may: str | None) -> Q:
    """The same as a filter on projects; an admin holds every right."""
    if not user.is_active or user.is_anonymous:
        return Q(pk__in=[])
    return Q() if user.is_superuser else held_by(user, may, OuterRef("pk"))


def holds(user: "User", may: str, project: Any) -> bool:
    if not user.is_active or user.is_anonymous:
        return False
    if user.is_superuser:
        return True
    named = {"content_object": project, "permission__codename": f"{may}_project"}
    return (
        ProjectUserRight.objects.filter(user=user, **named).exists()
        or ProjectGroupRight.objects.filter(group__user=user, **named).exists()
    )


def require(user: "User", may: str, project: Any) -> None:
    """Refuse unless the user holds this right on the project: `require(ann, "review", faces)`."""
    if not holds(user, may, project):
        raise NotAllowed(f"You may not {may} in this project. Ask its manager for the role.")


def is_founder(user: "User") -> bool:
    """May the user enter clients, teams, schemas, projects? Admins, founders and every project's manager may."""
    if not user.is_active or user.is_anonymous:
        return False
    if user.is_superuser or user.is_founder:
        return True
    named = {"permission__codename": "manage_project"}
    return (
        ProjectUserRight.objects.filter(user=user, **named).exists()
        or ProjectGroupRight.objects.filter(group__user=user, **named).exists()
    )


def require_founder(user: "User") -> None:
    if not is_founder(user):
        raise NotAllowed("Only admins and managers may do this.")


def require_admin(user: "User") -> None:
    if not (user.is_active and user.is_superuser):
        raise NotAllowed("Only admins may do this.")
