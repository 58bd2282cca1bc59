"""Leases: who holds an assignment, until when. A person's row is locked first, then a task, then its assignments."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Exists, OuterRef

from projects.audit.models import Event
from projects.audit.trail import record
from projects.errors import Missing, Refused
from projects.project import Project, ProjectStatus
from projects.teams.models import User
from projects.teams.rights import require
from tasks.assignment.models import Assignment, AssignmentStatus
from tasks.assignment.sql import CLAIM, EXTEND, FREE_LAPSED, GIVE_BACK

WORKED_ON = (ProjectStatus.ACTIVE, ProjectStatus.CALIBRATING)
INLINE = 200  # lapsed leases that a pull frees itself when it finds nothing


class LeaseLost(Refused):
    code = "lease_lost"


class TooManyLeases(Refused):
    code = "too_many_leases"


class ProjectNotActive(Refused):
    code = "project_not_active"


def take(project: Project, *, annotator: User) -> Assignment | None:
    """Lease an open assignment of the project to the annotator; None if there is nothing for her.

    What others are taking at this moment is skipped, not waited for. One person's two tabs wait for each other and get
    two different tasks. She never gets a task twice in one round.
    """
    require(annotator, "annotate", project)
    if project.status not in WORKED_ON:
        raise ProjectNotActive(f"This project is {project.status}. Pull when it is active again.")
    if taken := _claim(project, annotator):
        return taken
    _refuse_too_many([project], annotator)
    return _claim(project, annotator) if free_lapsed(project=project, at_once=INLINE, most=INLINE) else None


def take_any(*, annotator: User) -> Assignment | None:
    """The same over all projects that she annotates, the oldest first."""
    waiting = Assignment.objects.filter(project=OuterRef("pk"), status=AssignmentStatus.OPEN)
    mine = Project.objects.where(annotator, may="annotate").filter(status__in=WORKED_ON).order_by("pk")
    for project in mine.filter(Exists(waiting)):
        if taken := _claim(project, annotator):
            return taken
    _refuse_too_many(mine, annotator)
    for project in mine:
        if free_lapsed(project=project, at_once=INLINE, most=INLINE) and (taken := _claim(project, annotator)):
            return taken
    return None


def extend(assignment_id: UUID, *, annotator: User, lease_token: int) -> Assignment:
    """Hold it for the policy's time from now; also when it has lapsed, as long as nobody freed it."""
    assignment = find(assignment_id, annotator=annotator)
    require(annotator, "annotate", assignment.project)
    seconds = assignment.project.rules.lease_seconds
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(EXTEND, _held(assignment, annotator, lease_token) | {"seconds": seconds})
        if (row := cursor.fetchone()) is None:
            raise LeaseLost("You no longer hold this assignment. Pull again.")
        until: datetime = row[0]
        assignment.leased_until = until
        record("assignment.extended", assignment, by=annotator, until=until.isoformat())
    return assignment


def release(assignment_id: UUID, *, annotator: User, lease_token: int) -> Assignment:
    """Give it back for anybody to take, herself included; done twice it is done."""
    assignment = find(assignment_id, annotator=annotator)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(GIVE_BACK, _held(assignment, annotator, lease_token))
        if cursor.rowcount:
            record("assignment.released", assignment, by=annotator)
        elif assignment.annotator_id or assignment.lease_token != lease_token:
            raise LeaseLost("You no longer hold this assignment; there is nothing to give back.")
    return assignment


def free_lapsed(*, project: Project | None = None, at_once: int = 1000, most: int | None = None) -> int:
    """Open what people let lapse, in short ordered transactions that skip what is locked; how many there were."""
    freed = 0
    while most is None or freed < most:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(FREE_LAPSED, {"project": project and project.pk, "at_once": at_once})
            rows = cursor.fetchall()
            Event.objects.bulk_create(_lapses(rows))
        freed += len(rows)
        if len(rows) < at_once:
            break
    return freed


def find(assignment_id: UUID, *, annotator: User) -> Assignment:
    """The assignment that she holds or once held; anybody else's is missing."""
    known = Assignment.objects.with_work().filter(pk=assignment_id).first()
    if known is None or (known.annotator_id != annotator.pk and not once_held(known, annotator=annotator)):
        raise Missing("There is no such assignment among yours.")
    return known


def once_held(assignment: Assignment, *, annotator: User, lease_token: int | None = None) -> bool:
    """Whether the trail, which nobody can change, tells that she took it (under this token)."""
    taken = Event.objects.filter(subject_id=str(assignment.pk), verb="assignment.taken", actor=annotator)
    return (taken if lease_token is None else taken.filter(facts__token=lease_token)).exists()


def lock_person(annotator: User) -> None:
    """Hold the person's row until the transaction ends, so that her tabs take turns; foreign keys to it go on."""
    User.objects.select_for_update(no_key=True).values_list("pk").get(pk=annotator.pk)


@transaction.atomic
def _claim(project: Project, annotator: User) -> Assignment | None:
    rules = project.rules
    lock_person(annotator)
    values = {"project": project.pk, "person": annotator.pk, "most": rules.max_open_leases}
    claimed = Assignment.objects.raw(CLAIM, values | {"seconds": rules.lease_seconds})
    taken: Assignment | None = next(iter(claimed), None)
    if taken:
        record("assignment.taken", taken, by=annotator, token=taken.lease_token)
    return taken


def _refuse_too_many(projects: Iterable[Project], annotator: User) -> None:
    for project in projects:
        held = Assignment.objects.live_of(annotator).filter(project=project).count()
        if held >= (most := project.rules.max_open_leases):
            raise TooManyLeases(f"You hold {held} assignments here, the most is {most}. Submit or release one first.")


def _held(assignment: Assignment, annotator: User, lease_token: int) -> dict[str, object]:
    return {"assignment": assignment.pk, "person": annotator.pk, "token": lease_token}


def _lapses(rows: Iterable[tuple[UUID, UUID, UUID]]) -> list[Event]:
    return [
        Event(
            verb="assignment.lapsed",
            subject_kind="assignment",
            subject_id=str(assignment),
            project_id=project,
            facts={"annotator": str(person)},
        )
        for assignment, project, person in rows
    ]
