"""The pages of progress: a person's projects, and one project."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.db.models import Avg
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from projects.deliveries.models import Release
from projects.labels.drawing import Drawing, draw
from projects.labels.models import Label
from projects.project import Project
from projects.schemas.models import Schema
from projects.teams.rights import is_founder
from projects.teams.roles import ROLES
from tasks.annotation.models import Annotation
from tasks.progress import counts, overview
from tasks.progress.overview import Counts

A_PAGE = 24  # projects
FACES = 12  # latest labels on a project's page
AGREEMENT_OF = 1000  # latest labels whose agreement is averaged: a million would take seconds
RELEASES = 20

ROLE_NAMES = {
    "manager": _("manager"),
    "reviewer": _("reviewer"),
    "annotator": _("annotator"),
    "client": _("client"),
    "admin": _("admin"),
}


@dataclass(frozen=True, kw_only=True)
class Card:
    """A project on the reader's home page."""

    project: Project
    roles: list[Any]
    counts: Counts
    shows_client: bool


@dataclass(frozen=True, kw_only=True)
class Face:
    """A label to be drawn."""

    title: str
    src: str
    drawing: Drawing
    answers: int
    agreement: float | None


@never_cache
@login_required
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    user = request.user
    found = Project.objects.visible_to(user).select_related("client").order_by("-pk")
    if before := _id(request.GET.get("before")):
        found = found.filter(pk__lt=before)
    shown = list(found[: A_PAGE + 1])
    has_more, shown = len(shown) > A_PAGE, shown[:A_PAGE]
    roles = overview.roles_of(user)
    tasks = overview.counts_of([project.pk for project in shown])
    waiting = [] if before else overview.awaiting(user, roles)
    names = dict(Project.objects.filter(pk__in={each.project_id for each in waiting}).values_list("pk", "name"))
    return render(
        request,
        "tasks/home.html",
        {
            "cards": [_card(request, project, roles, tasks) for project in shown],
            "waiting": [(each, names[each.project_id]) for each in waiting],
            "older": shown[-1].pk if has_more else None,
            "is_first_page": not before,
            "may_found": not shown and is_founder(user),
        },
    )


def _card(request: HttpRequest, project: Project, roles: dict[UUID, list[str]], tasks: dict[UUID, Counts]) -> Card:
    held = roles.get(project.pk, [])
    return Card(
        project=project,
        roles=[ROLE_NAMES[role] for role in held] or ([ROLE_NAMES["admin"]] if request.user.is_superuser else []),
        counts=tasks.get(project.pk, Counts()),
        shows_client=request.user.is_superuser or held != ["annotator"],
    )


@never_cache
@login_required
@require_safe
def project_page(request: HttpRequest, pk: UUID) -> HttpResponse:
    """What each may see: her own work, the progress, the labels."""
    user = request.user
    project = get_object_or_404(Project.objects.visible_to(user).select_related("client", "schema"), pk=pk)
    roles = overview.roles_of(user, [pk])
    held = roles.get(pk, [])
    rights = set(ROLES["manager"]) if user.is_superuser else set().union(*(ROLES[role] for role in held))
    shown: dict[str, Any] = {
        "project": project,
        "roles": [ROLE_NAMES[role] for role in held] or [ROLE_NAMES["admin"]],
        "rights": rights,
        "waiting": [(each, project.name) for each in overview.awaiting(user, roles)],
        "points": len(project.schema.points),
    }
    if "annotate" in rights:
        shown["given"] = Annotation.objects.filter(project=project, annotator=user).count()
    if rights & {"follow", "inspect"}:
        shown |= _progress(project)
    if "inspect" in rights:
        shown["faces"] = _latest(project)
    if "follow" in rights:
        shown["releases"] = Release.objects.visible_to(user).filter(project=project).order_by("-version")[:RELEASES]
    return render(request, "tasks/project.html", shown)


def _progress(project: Project) -> dict[str, Any]:
    current = Label.objects.filter(project=project, is_current=True).order_by("-pk")
    so_far = counts.progress(project)
    tasks = overview.grouped(so_far["tasks"])
    return {
        "counts": tasks,
        "share": 100 * tasks.accepted / tasks.total if tasks.total else None,
        "pictures": so_far["assets"],
        "answers": so_far["answers"],
        "agreement": current[:AGREEMENT_OF].aggregate(mean=Avg("agreement"))["mean"],
    }


def _latest(project: Project) -> list[Face]:
    labels = list(
        Label.objects.filter(project=project, is_current=True).select_related("asset").order_by("-pk")[:FACES]
    )
    schemas = {project.schema_id: project.schema}
    schemas |= Schema.objects.in_bulk({label.schema_id for label in labels} - schemas.keys())
    return [
        Face(
            title=label.asset.key,
            src=reverse("asset-image", args=[label.asset_id]) if label.asset.file else "",
            drawing=draw(
                label.points,
                label.visibility,
                schema=schemas[label.schema_id],
                size=(label.asset.width, label.asset.height),
            ),
            answers=label.answers,
            agreement=label.agreement,
        )
        for label in labels
    ]


def _id(given: str | None) -> UUID | None:
    try:
        return UUID(given) if given else None
    except ValueError:
        return None


routes = [
    path("", home, name="home"),
    path("projects/<uuid:pk>/", project_page, name="project-page"),
]
