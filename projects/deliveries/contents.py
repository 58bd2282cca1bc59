"""What a release holds, read from its frozen rows as the plain values that formats are given."""

from collections.abc import Iterator
from dataclasses import fields
from typing import Any

import psycopg
from django.db import connection

from projects.deliveries.formats.frozen import FrozenItem, Header
from projects.deliveries.models import Item, Release
from projects.schemas.fields import CovarianceField, PointsField
from projects.version import VERSION

AT_ONCE = 500  # rows
COLUMNS = [field.name for field in fields(FrozenItem)]
POINTS, COVARIANCE = PointsField(), CovarianceField()


def header_of(release: Release) -> Header:
    assert release.frozen_at is not None, "only a frozen release has contents"
    return Header(
        release=str(release.pk),
        version=release.version,
        name=release.name,
        project=release.project.name,
        project_id=str(release.project_id),
        client=release.project.client.name,
        frozen_at=release.frozen_at.isoformat(),
        items=release.items.count(),
        software=f"canthus {VERSION}",
        schema=release.schema.definition() | {"version": release.schema.version},
    )


def items_of(release: Release) -> Iterator[FrozenItem]:
    """All items in order; page by page, so that neither memory nor one long transaction is needed."""
    last = 0
    while page := _page(release, after=last):
        for row in page:
            values = dict(zip(COLUMNS, row, strict=True))
            values["points"] = POINTS.from_db_value(values["points"], None, connection)
            values["covariance"] = COVARIANCE.from_db_value(values["covariance"], None, connection)
            yield FrozenItem(**values)
        last = values["number"]


def _page(release: Release, *, after: int) -> list[tuple[Any, ...]]:
    """Read in PostgreSQL's binary form: parsing hundreds of floats from text took most of a build's time."""
    wanted = Item.objects.filter(release=release, number__gt=after).order_by("number").values_list(*COLUMNS)
    select, parameters = wanted[:AT_ONCE].query.sql_with_params()
    connection.ensure_connection()
    with connection.wrap_database_errors, psycopg.Cursor(connection.connection) as cursor:
        cursor.execute(select, parameters, binary=True)  # type: ignore[arg-type]
        return cursor.fetchall()
