"""A manager asks for a release; a job freezes and builds it."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Max

from projects.audit.trail import record
from projects.background import enqueue
from projects.deliveries.compose import current_labels
from projects.deliveries.formats import FORMATS
from projects.deliveries.models import Release, ReleaseStatus
from projects.deliveries.move import move
from projects.deliveries.refusals import NothingToRelease, UnknownFormat
from projects.project import Project
from projects.teams.rights import require

if TYPE_CHECKING:
    from projects.teams.models import User


@transaction.atomic
def begin(project: Project, *, formats: Sequence[str], name: str, by: "User") -> Release:
    """The project's next version; two at once get two numbers."""
    require(by, "manage", project)
    _check(formats)
    # Not plain FOR UPDATE: that would hold up everybody whose rows refer to the project.
    project = Project.objects.select_for_update(no_key=True, of=["self"]).select_related("schema").get(pk=project.pk)
    if not current_labels(project, project.schema).exists():
        raise NothingToRelease("No label of this project is accepted yet. Release once work has come through.")
    last = Release.objects.filter(project=project).aggregate(last=Max("version"))["last"] or 0
    release = Release.objects.create(
        project=project,
        schema=project.schema,
        version=last + 1,
        name=name,
        formats=sorted(formats),
        status=ReleaseStatus.BUILDING,
        created_by=by,
    )
    record("release.requested", release, by=by, version=release.version, formats=release.formats)
    enqueue("projects.build_release", release.pk)
    return release


@transaction.atomic
def begin_again(release: Release, *, by: "User") -> Release:
    """Build a release once more that failed; what was frozen stays frozen."""
    require(by, "manage", release.project_id)
    fresh = {"reason": "", "beat_at": None, "attempts": 0}
    move(release, ReleaseStatus.BUILDING, verb="release.requested", by=by, facts={"again": True}, **fresh)
    enqueue("projects.build_release", release.pk)
    return release


def _check(formats: Sequence[str]) -> None:
    known = ", ".join(FORMATS)
    errors = [
        {"pointer": f"/formats/{index}", "detail": f"must be one of {known}"}
        for index, form in enumerate(formats)
        if form not in FORMATS
    ]
    if errors:
        raise UnknownFormat(f"The formats are {known}.", errors=errors)
    if len(set(formats)) != len(formats) or not formats:
        detail = "Name at least one format, and each once."
        raise UnknownFormat(detail, errors=[{"pointer": "/formats", "detail": detail}])
