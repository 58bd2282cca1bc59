"""Who did how much, how fast, and how far from what was merged; for managers only."""

from typing import Any

from django.db import connection

from projects.project import Project

LATEST = 10_000  # merged tasks over which the distance to the consensus is taken

# By `annotation_of_project`. A consensus keeps each answer's error, a fraction of the normaliser's length.
PEOPLE = """
WITH work AS (
    SELECT annotator_id, count(*) AS answers, max(submitted_at) AS last_at,
        percentile_cont(0.5) WITHIN GROUP (ORDER BY seconds) AS median_seconds
    FROM tasks_annotation WHERE project_id = %(project)s GROUP BY annotator_id),
latest AS (
    SELECT weights FROM tasks_consensus
    WHERE project_id = %(project)s AND is_current AND answers > 1 ORDER BY id DESC LIMIT %(latest)s),
judged AS (
    SELECT annotation.annotator_id, count(*) AS judged, avg((entry ->> 'error')::float8) AS distance
    FROM latest CROSS JOIN jsonb_array_elements(latest.weights) AS entry
    JOIN tasks_annotation annotation ON annotation.id = (entry ->> 'annotation')::uuid
    WHERE entry ->> 'error' IS NOT NULL GROUP BY annotation.annotator_id)
SELECT person.id, person.username, work.answers, work.median_seconds, work.last_at, coalesce(judged.judged, 0),
    judged.distance
FROM work JOIN projects_user person ON person.id = work.annotator_id LEFT JOIN judged USING (annotator_id)
ORDER BY work.answers DESC, person.username
"""
COLUMNS = ("id", "username", "answers", "median_seconds", "last_at", "judged", "distance")


def people(project: Project) -> list[dict[str, Any]]:
    """One entry for each person who answered, the busiest first.

    `distance` is the mean over `judged` answers of the distance to the consensus of two people or more, which their own
    answers pull towards them: it ranks people, it does not measure their error.
    """
    with connection.cursor() as cursor:
        cursor.execute(PEOPLE, {"project": project.pk, "latest": LATEST})
        return [dict(zip(COLUMNS, row, strict=True)) for row in cursor.fetchall()]
