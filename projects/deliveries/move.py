"""The only writer of a release's status."""

from typing import TYPE_CHECKING, Any

from django.db import transaction

from projects.audit.trail import record
from projects.deliveries.models import MOVES, Release
from projects.errors import WrongState

if TYPE_CHECKING:
    from projects.teams.models import User


@transaction.atomic
def move(release: Release, to: str, *, verb: str, by: "User | None", facts: dict[str, Any], **columns: Any) -> Release:
    """Move the release along MOVES and write `columns`; refused if it is no longer where the caller saw it."""
    was = release.status
    if to not in MOVES[was]:
        raise WrongState(f"A release that is {was} cannot become {to}.")
    if not Release.objects.filter(pk=release.pk, status=was).update(status=to, **columns):
        raise WrongState(f"The release is no longer {was}. Look at it again.")
    release.refresh_from_db()
    record(verb, release, by=by, version=release.version, **facts)
    return release
