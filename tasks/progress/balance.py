"""What the material consists of: whose faces, which sequences, which values of the clients' own attributes."""

from typing import Any

from django.db import connection
from django.db.models import Count

from projects.datasets.models import Asset
from projects.project import Project

MOST_VALUES = 50  # of each attribute; the most frequent ones
MOST_ATTRIBUTES = 50

# Only plain values: what is nested is not a class to count.
VALUES = """
SELECT name, value, assets FROM (
    SELECT pair.key AS name, pair.value #>> '{}' AS value, count(*) AS assets,
        row_number() OVER (PARTITION BY pair.key ORDER BY count(*) DESC, pair.value #>> '{}') AS place
    FROM projects_asset asset CROSS JOIN jsonb_each(asset.metadata) AS pair
    WHERE asset.project_id = %s AND jsonb_typeof(pair.value) IN ('string', 'number', 'boolean')
    GROUP BY pair.key, pair.value #>> '{}') counted
WHERE place <= %s
ORDER BY name, assets DESC, value
"""


def balance(project: Project) -> dict[str, Any]:
    """Assets by subject, sequence and attribute; of each the most frequent values."""
    assets = Asset.objects.filter(project=project)
    attributes: dict[str, dict[str, int]] = {}
    with connection.cursor() as cursor:
        cursor.execute(VALUES, [project.pk, MOST_VALUES])
        for name, value, count in cursor.fetchall():
            if name in attributes or len(attributes) < MOST_ATTRIBUTES:
                attributes.setdefault(name, {})[value] = count
    return {
        "assets": assets.count(),
        "subjects": _by(assets, "subject_id", nothing=""),
        "sequences": _by(assets, "sequence__key", nothing=None),
        "attributes": attributes,
    }


def _by(assets: Any, field: str, *, nothing: str | None) -> dict[str, Any]:
    """How many different values there are, how many assets have none, and the most frequent values."""
    with_value = assets.exclude(**{field: nothing})
    counts = with_value.order_by().values_list(field).annotate(assets=Count("pk"))
    return {
        "different": with_value.aggregate(found=Count(field, distinct=True))["found"],
        "without": assets.filter(**{field: nothing}).count(),
        "most": dict(counts.order_by("-assets", field)[:MOST_VALUES]),
    }
