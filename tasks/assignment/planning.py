"""Planning: a task for each asset that has none, with one open assignment for each answer it wants."""

import time
from collections.abc import Sequence
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Q

from projects.audit.trail import record
from projects.datasets.models import Asset
from projects.errors import Invalid, WrongState
from projects.policy import LEAST_DYNAMIC
from projects.project import Project, ProjectStatus
from projects.schemas.models import SchemaStatus
from projects.teams.rights import require
from tasks.assignment.models import Assignment
from tasks.assignment.sql import PLAN
from tasks.task import Task

if TYPE_CHECKING:
    from projects.teams.models import User

AT_ONCE = 20_000  # assets per statement
BEFORE_ALL = UUID(int=0)


@transaction.atomic
def plan(
    project: Project, *, by: "User", assets: Sequence[str] | None = None, overlap: int | None = None
) -> tuple[int, int]:
    """Make tasks for all assets without one, or for those named by id or key; how many tasks and assignments.

    Again, it makes nothing. Two at once: the second waits for the first and finds nothing left.
    """
    require(by, "manage", project)
    project = Project.objects.select_for_update(no_key=True, of=("self",)).select_related("schema").get(pk=project.pk)
    if project.status == ProjectStatus.CLOSED:
        raise WrongState("This project is closed. Move it to paused first.")
    if project.schema.status != SchemaStatus.PUBLISHED:
        raise WrongState("The project's schema is a draft. Publish it first: answers hang on it.")
    wanted = project.rules.overlap if overlap is None else overlap
    least = LEAST_DYNAMIC if project.rules.dynamic else 1
    if not least <= wanted <= project.rules.max_overlap:
        detail = f"must be from {least} to the policy's max_overlap, {project.rules.max_overlap}"
        raise Invalid(f"The overlap {detail}.", errors=[{"pointer": "/overlap", "detail": detail}])
    named = None if assets is None else _named(project, assets)
    tasks, assignments = _insert(project, named, wanted)
    if tasks:
        record("project.planned", project, by=by, tasks=tasks, assignments=assignments, overlap=wanted)
    return tasks, assignments


def open_more(task: Task, count: int = 1, *, landmarks: Sequence[int] | None = None) -> list[Assignment]:
    """Add open assignments to the task's present round, numbered after those it has; the caller holds the task.

    They ask for these landmarks, or for what the last one asked: whoever takes somebody's place is asked the same.
    """
    assert connection.in_atomic_block, "the caller holds the task"
    last = Assignment.objects.filter(task=task, round=task.round).order_by("number").last()
    there, asked = (last.number, last.landmarks) if last else (0, None)
    asked = asked if landmarks is None else sorted(landmarks)
    fresh = [
        Assignment(project_id=task.project_id, task=task, round=task.round, number=there + step, landmarks=asked)
        for step in range(1, count + 1)
    ]
    return Assignment.objects.bulk_create(fresh)


def _named(project: Project, names: Sequence[str]) -> list[UUID]:
    ids = {name: UUID(name) for name in names if _is_id(name)}
    known = Asset.objects.filter(Q(key__in=names) | Q(pk__in=ids.values()), project=project).values_list("pk", "key")
    by_key, by_id = {key: pk for pk, key in known}, {pk for pk, _ in known}
    found = {name: by_key.get(name) or (ids.get(name) if ids.get(name) in by_id else None) for name in names}
    errors = [
        {"pointer": f"/assets/{index}", "detail": "is neither the id nor the key of an asset of this project"}
        for index, name in enumerate(names)
        if found[name] is None
    ]
    if errors:
        raise Invalid("Some assets are not there. Nothing was planned.", errors=errors)
    return [pk for pk in found.values() if pk is not None]


def _is_id(name: str) -> bool:
    try:
        UUID(name)
    except ValueError:
        return False
    return True


def _insert(project: Project, assets: list[UUID] | None, overlap: int) -> tuple[int, int]:
    since = time.time_ns() // 10**6
    tasks, assignments, after = 0, 0, BEFORE_ALL
    values = {"project": project.pk, "assets": assets, "overlap": overlap, "at_once": AT_ONCE}
    with connection.cursor() as cursor:
        # Foreign keys are checked batch by batch, or a million tasks would queue eight million checks until the end.
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        while True:
            cursor.execute(PLAN, values | {"after": after, "since": since})
            made, opened, last = cursor.fetchone()
            tasks, assignments = tasks + made, assignments + opened
            if last is None:
                break
            after, since = UUID(last), since + AT_ONCE // 4096 + 1  # 4096 ids have room in each ms
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
    return tasks, assignments
