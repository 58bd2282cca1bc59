"""What dynamic overlap cost and saved, beside asking the project's most of everybody for everything."""

from typing import Any

from django.db import connection
from django.db.models import Count

from projects.project import Project
from tasks.task import Status, Task

# Tasks that have all the answers they wanted and want no more, as far as one knows; by `task_of_project_by_status`.
SETTLED = (Status.IN_REVIEW, Status.ADJUDICATION, Status.ACCEPTED)

# The answers of those tasks' present round that were asked for some landmarks only, landmark by landmark.
ASKED_AGAIN = """
SELECT place, count(*) FROM tasks_assignment part
JOIN tasks_task task ON task.id = part.task_id AND task.round = part.round
CROSS JOIN unnest(part.landmarks) AS place
WHERE part.project_id = %(project)s AND part.status = 'submitted' AND part.landmarks IS NOT NULL
  AND task.status = ANY(%(settled)s) AND task.answers >= task.wanted
GROUP BY place
"""

PARTS = """
SELECT count(*) FROM tasks_assignment part
JOIN tasks_task task ON task.id = part.task_id AND task.round = part.round
WHERE part.project_id = %(project)s AND part.status = 'submitted' AND part.landmarks IS NOT NULL
  AND task.status = ANY(%(settled)s) AND task.answers >= task.wanted
"""

EXPERTS = """
SELECT count(DISTINCT task.id) FROM tasks_review review
JOIN tasks_task task ON task.id = review.task_id AND task.round = review.round
WHERE review.project_id = %(project)s AND review.landmarks IS NOT NULL AND review.status <> 'withdrawn'
"""


def overlap(project: Project) -> dict[str, Any]:
    """Answers and points of the tasks that are settled, in their present round, against fixed overlap at the most.

    A task that still waits for an answer has saved nothing yet, and one that was parked by skips is left out.
    """
    rules, keys = project.rules, [point["key"] for point in project.schema.points]
    settled = Task.objects.filter(project=project, status__in=SETTLED).order_by("answers")
    counted = settled.values_list("answers", "wanted").annotate(tasks=Count("pk"))
    distribution: dict[int, int] = {}
    for answers, wanted, tasks in counted:
        if answers >= wanted:
            distribution[answers] = distribution.get(answers, 0) + tasks
    values = {"project": project.pk, "settled": list(SETTLED)}
    with connection.cursor() as cursor:
        cursor.execute(ASKED_AGAIN, values)
        again = dict(cursor.fetchall())
        cursor.execute(PARTS, values)
        [parts] = cursor.fetchone()
        cursor.execute(EXPERTS, values)
        [experts] = cursor.fetchone()
    tasks, used = sum(distribution.values()), sum(answers * count for answers, count in distribution.items())
    points = (used - parts) * len(keys) + sum(again.values())
    fixed = tasks * rules.max_overlap
    return {
        **{"dynamic": rules.dynamic, "target_error": rules.target_error},
        **{"overlap": rules.overlap, "max_overlap": rules.max_overlap},
        "tasks": tasks,
        "answers": {"used": used, "fixed": fixed, "saved": fixed - used},
        "points": {"used": points, "fixed": fixed * len(keys), "saved": fixed * len(keys) - points},
        "asked_again": [{"key": key, "answers": again.get(place, 0)} for place, key in enumerate(keys)],
        "answers_per_task": {str(answers): distribution[answers] for answers in sorted(distribution)},
        "adjudicated": experts,
    }
