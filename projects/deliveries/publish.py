"""A manager hands a built release to the client."""

from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models.functions import Now

from projects.deliveries.models import Release, ReleaseStatus
from projects.deliveries.move import move
from projects.teams.rights import require

if TYPE_CHECKING:
    from projects.teams.models import User


@transaction.atomic
def publish(release: Release, *, by: "User") -> Release:
    require(by, "manage", release.project_id)
    return move(release, ReleaseStatus.PUBLISHED, verb="release.published", by=by, facts={}, published_at=Now())
