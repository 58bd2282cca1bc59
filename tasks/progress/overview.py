"""Several projects at once, as one person sees them: her roles, how far each has come, and what awaits her."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from projects.deliveries.models import Release, ReleaseStatus
from projects.project import Project
from projects.teams.models import Grant, User
from projects.teams.roles import ROLES
from tasks.assignment.lease import WORKED_ON
from tasks.assignment.models import Assignment, AssignmentStatus
from tasks.review.models import Review, ReviewStatus
from tasks.task import Status, Task

MOST = 99  # beyond it a page says "99+": counting on would cost more than it tells
IN_REVIEW = (Status.MERGING, Status.IN_REVIEW, Status.ADJUDICATION)


@dataclass(frozen=True, kw_only=True)
class Counts:
    """Tasks in the three groups that a bar shows."""

    accepted: int = 0
    review: int = 0  # answered, and on their way through merging and review
    open: int = 0
    withdrawn: int = 0

    @property
    def answered(self) -> int:
        return self.accepted + self.review

    @property
    def total(self) -> int:
        return self.accepted + self.review + self.open


@dataclass(frozen=True, kw_only=True)
class Waiting:
    """So many things of one kind that wait for the reader; `release` where it is one release."""

    kind: str  # held, annotate, review, publish, failed, decide
    project_id: UUID
    count: int
    release: Release | None = None

    @property
    def is_more(self) -> bool:
        return self.count > MOST

    @property
    def shown(self) -> int:
        return min(self.count, MOST)


def roles_of(user: User, projects: Iterable[UUID] | None = None) -> dict[UUID, list[str]]:
    """The roles given to the person or one of her teams, by project, in the order of ROLES; one query."""
    given = Grant.objects.filter(Q(user=user) | Q(team__memberships__user=user))
    if projects is not None:
        given = given.filter(project__in=projects)
    roles: dict[UUID, set[str]] = defaultdict(set)
    for project_id, role in given.values_list("project_id", "role"):
        roles[project_id].add(role)
    return {project_id: [role for role in ROLES if role in held] for project_id, held in roles.items()}


def counts_of(projects: Iterable[UUID]) -> dict[UUID, Counts]:
    """By `task_of_project_by_status`; one query."""
    found: dict[UUID, dict[str, int]] = defaultdict(dict)
    rows = Task.objects.filter(project__in=projects).values_list("project_id", "status").annotate(tasks=Count("pk"))
    for project_id, status, tasks in rows.order_by():
        found[project_id][status] = tasks
    return {project_id: grouped(by_status) for project_id, by_status in found.items()}


def grouped(by_status: dict[str, int]) -> Counts:
    return Counts(
        accepted=by_status.get(Status.ACCEPTED, 0),
        review=sum(by_status.get(status, 0) for status in IN_REVIEW),
        open=by_status.get(Status.OPEN, 0),
        withdrawn=by_status.get(Status.WITHDRAWN, 0),
    )


def awaiting(user: User, roles: dict[UUID, list[str]]) -> list[Waiting]:
    """What the person can do now in the projects where she has these roles; four queries, each bounded."""

    def holding(role: str) -> list[UUID]:
        return [project_id for project_id, held in roles.items() if role in held]

    return [
        *_to_decide(holding("client"), [ReleaseStatus.PUBLISHED], "decide"),
        *_to_decide(holding("manager"), [ReleaseStatus.BUILT], "publish"),
        *_to_decide(holding("manager"), [ReleaseStatus.FAILED], "failed"),
        *_to_review(user, holding("reviewer")),
        *_to_annotate(user, holding("annotator")),
    ]


def _to_decide(projects: list[UUID], statuses: list[str], kind: str) -> list[Waiting]:
    if not projects:
        return []
    found = Release.objects.filter(project__in=projects, status__in=statuses).order_by("-pk")[:MOST]
    return [Waiting(kind=kind, project_id=release.project_id, count=1, release=release) for release in found]


def _to_review(user: User, projects: list[UUID]) -> list[Waiting]:
    """Open reviews of tasks that she did not answer herself."""
    if not projects:
        return []
    hers = Assignment.objects.filter(task=OuterRef("task"), annotator=user, status=AssignmentStatus.SUBMITTED)
    free = Review.objects.filter(~Exists(hers), project=OuterRef("pk"), status=ReviewStatus.OPEN)
    return _each(Project.objects.filter(pk__in=projects, status__in=WORKED_ON), {"review": free})


def _to_annotate(user: User, projects: list[UUID]) -> list[Waiting]:
    """What she holds, and the tasks that she has not had in this round and that want an answer."""
    if not projects:
        return []
    held = Assignment.objects.filter(project=OuterRef("pk"), annotator=user, status=AssignmentStatus.LEASED)
    its = Assignment.objects.filter(task=OuterRef("pk"), round=OuterRef("round"))
    free = Task.objects.filter(
        Exists(its.filter(status=AssignmentStatus.OPEN)),
        ~Exists(its.filter(annotator=user)),
        project=OuterRef("pk"),
        status=Status.OPEN,
    )
    return _each(Project.objects.filter(pk__in=projects, status__in=WORKED_ON), {"held": held, "annotate": free})


def _each(projects: QuerySet[Project], kinds: dict[str, QuerySet]) -> list[Waiting]:
    """Counts up to one more than MOST for each project and kind; one query."""
    arrays = {f"{kind}_ids": ArraySubquery(rows.values("pk")[: MOST + 1]) for kind, rows in kinds.items()}
    rows = projects.annotate(**arrays).order_by("pk").values("pk", *arrays)
    counted = [
        Waiting(kind=kind, project_id=row["pk"], count=len(row[f"{kind}_ids"])) for row in rows for kind in kinds
    ]
    return [waiting for waiting in counted if waiting.count]
