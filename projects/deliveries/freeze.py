"""Copies the current labels into the release, in one statement: whatever is reviewed later changes other rows."""

from uuid import UUID

from django.db import connection, transaction
from django.db.models import F, Value, Window
from django.db.models.functions import Coalesce, Collate, JSONObject, Now, RowNumber

from projects.audit.trail import record
from projects.deliveries.compose import current_labels
from projects.deliveries.models import Item, Release
from projects.deliveries.refusals import NothingToRelease

PROVENANCE = JSONObject(
    method="method",
    method_version="method_version",
    label_version="version",
    checked_layers="checked_layers",
    corrected="corrected",
    accepted_at="created_at",
)
# The order of the files must not depend on the locale of the server.
NUMBER = Window(RowNumber(), order_by=Collate(F("asset__key"), "C").asc())
COLUMNS = {  # column of the item: what is copied there
    "label_id": F("pk"),
    "number": NUMBER,
    "key": F("asset__key"),
    "sha256": F("asset__sha256"),
    "url": F("asset__url"),
    "width": F("asset__width"),
    "height": F("asset__height"),
    "subject_id": F("asset__subject_id"),
    "sequence": Coalesce(F("asset__sequence__key"), Value("")),
    "frame": F("asset__frame"),
    "metadata": F("asset__metadata"),
    "points": F("points"),
    "visibility": F("visibility"),
    "covariance": F("covariance"),
    "answers": F("answers"),
    "agreement": F("agreement"),
    "provenance": PROVENANCE,
}


@transaction.atomic
def freeze(release_id: UUID | str) -> Release:
    """The release with its items; frozen once, it stays as it is."""
    release = (
        Release.objects.select_for_update(no_key=True, of=["self"])
        .select_related("project__client", "schema")
        .get(pk=release_id)
    )
    if release.frozen_at is not None:
        return release
    labels = current_labels(release.project, release.schema)
    chosen = labels.annotate(**{f"item_{name}": what for name, what in COLUMNS.items()})
    select, parameters = chosen.values_list(*(f"item_{name}" for name in COLUMNS)).query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {Item._meta.db_table} (release_id, {', '.join(COLUMNS)})"  # noqa: S608 - names of ours
            f" SELECT %s, chosen.* FROM ({select}) AS chosen",
            [release.pk, *parameters],
        )
        count = cursor.rowcount
    if not count:
        raise NothingToRelease("No label of this project is accepted any more.")
    Release.objects.filter(pk=release.pk).update(frozen_at=Now())
    release.refresh_from_db(fields=["frozen_at"])
    record("release.frozen", release, by=None, version=release.version, items=count)
    return release
