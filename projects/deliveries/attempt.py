"""One attempt at building a release: who builds shows signs of life, and what stops showing them is taken over."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from django.db import connection

STALLED_AFTER = timedelta(seconds=60)


@dataclass
class Attempt:
    """`beat_at` is the fencing token: whoever took the release over has written another."""

    release_id: UUID | str
    beat_at: datetime
    folder: str  # in the storage, of this attempt alone


def claim(release_id: UUID | str) -> Attempt | None:
    """The right to build, or None: it is built already, or somebody is at it. Of two at once one wins."""
    with connection.cursor() as cursor:  # the database's clock, also where workers' clocks differ
        cursor.execute(
            "UPDATE projects_release SET beat_at = clock_timestamp(), attempts = attempts + 1"
            " WHERE id = %s AND status = 'building'"
            " AND (beat_at IS NULL OR beat_at < clock_timestamp() - %s) RETURNING beat_at",
            [release_id, STALLED_AFTER],
        )
        row = cursor.fetchone()
    return Attempt(release_id, row[0], f"{folder_of(release_id)}/{uuid4().hex}") if row else None


def folder_of(release_id: UUID | str) -> str:
    return f"releases/{release_id}"


def beat(attempt: Attempt) -> bool:
    """A sign of life; False if the release was taken over."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE projects_release SET beat_at = clock_timestamp()"
            " WHERE id = %s AND status = 'building' AND beat_at = %s RETURNING beat_at",
            [attempt.release_id, attempt.beat_at],
        )
        row = cursor.fetchone()
    if row:
        attempt.beat_at = row[0]
    return bool(row)
