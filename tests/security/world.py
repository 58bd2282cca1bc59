"""One project with one of everything, and the people who stand around it."""

from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db.models.functions import Now
from django.utils import timezone

from projects.datasets.models import Asset, ImportBatch
from projects.deliveries.models import Item, Release, ReleaseFile
from projects.labels.models import Label
from projects.project import Project
from projects.teams import grants, join
from projects.teams.models import User
from tasks.annotation.models import Annotation
from tasks.assignment.models import Assignment
from tasks.consensus.models import Consensus, Run
from tasks.review.models import Review
from tasks.task import Status, Task
from tests.make import SQUARE, a_project, a_task, an_asset
from tests.people import person

ANSWER = {"points": SQUARE, "visibility": [2] * 5}
COUNTS = ("tasks", "tasks_beyond_tolerance", "points", "points_beyond_tolerance", "points_appeared", "points_vanished")
NO_DIFFERENCE = dict.fromkeys(COUNTS, 0) | {"px": {}, "normalised": {}, "histogram": [], "landmarks": []}
FLAT = [[1.0, 0.0, 0.0, 1.0]] * 5
COLUMNS = ("admin", "manager", "reviewer", "annotator", "fellow", "client", "stranger", "nobody")


@dataclass
class World:
    project: Project
    people: dict[str, User | None]
    ids: dict[str, str] = field(default_factory=dict)  # name of a route's first part -> the object in it


def build(mark: str, admin: User, stranger: User) -> World:
    """The project's people have names that end in `mark`."""
    people: dict[str, User | None] = {"admin": admin, "stranger": stranger, "nobody": None}
    people["manager"] = manager = person(f"manager{mark}", is_founder=True)
    for name in ("reviewer", "annotator", "fellow", "client"):
        people[name] = person(f"{name}{mark}")
    project = a_project(manager, overlap=3, review_layers=1)
    for name, role in (("reviewer",) * 2, ("annotator",) * 2, ("fellow", "annotator"), ("client",) * 2):
        grants.found(project, role=role, to=people[name], by=manager)
    world = World(project, people)
    team = join.found(f"team{mark}", by=manager)
    grants.found(project, role="annotator", to=team, by=manager)
    asset = picture(project, mark)
    task = a_task(project, wanted=3, asset=asset)
    held = task.assignments.get(number=1)
    lease(held, people["annotator"])
    review = in_review(project, people)
    release, item = published(project, asset, manager)
    batch = ImportBatch.objects.create(project=project, dataset=asset.dataset, kind="zip", created_by=manager)
    world.ids = {
        "projects": project.pk,
        "users": people["annotator"].pk,
        "user_id": people["fellow"].pk,
        "teams": team.pk,
        "clients": project.client_id,
        "schemas": project.schema_id,
        "assets": asset.pk,
        "imports": batch.pk,
        "tasks": review.task_id,
        "consensus-runs": computed(project, review, manager).pk,
        "assignments": held.pk,
        "annotations": Annotation.objects.filter(project=project).first().pk,
        "reviews": review.pk,
        "releases": release.pk,
        "path": "manifest.json",
        "number": item.number,
    }
    return world


def picture(project: Project, mark: str) -> Asset:
    name = default_storage.save(f"assets/{project.pk}/{mark}.png", ContentFile(b"a picture"))
    return an_asset(project, url="", file=name, sha256="0" * 64, content_type="image/png", bytes=len(b"a picture"))


def lease(assignment: Assignment, annotator: User) -> None:
    Assignment.objects.filter(pk=assignment.pk).update(
        status="leased",
        annotator=annotator,
        lease_token=1,
        leased_at=Now(),
        leased_until=timezone.now() + timedelta(hours=1),
    )


def in_review(project: Project, people: dict[str, User | None]) -> Review:
    """A task that the annotator answered, merged, and held by the reviewer."""
    task = a_task(project, wanted=1)
    assignment = task.assignments.get()
    lease(assignment, people["annotator"])
    Annotation.objects.create(
        project=project, task=task, assignment=assignment, annotator=people["annotator"], schema=project.schema,
        seconds=1, leased_at=timezone.now(), **ANSWER,
    )  # fmt: skip
    Assignment.objects.filter(pk=assignment.pk).update(status="submitted", leased_until=None)
    Task.objects.filter(pk=task.pk).update(status=Status.IN_REVIEW, answers=1)
    consensus = Consensus.objects.create(
        project=project, task=task, set_hash="0" * 64, method="median", version="1", points_data_only=SQUARE,
        covariance=FLAT, answers=1, **ANSWER,
    )  # fmt: skip
    return Review.objects.create(
        project=project, task=task, consensus=consensus, status="leased", reviewer=people["reviewer"], lease_token=1,
        leased_until=timezone.now() + timedelta(hours=1),
    )  # fmt: skip


def computed(project: Project, review: Review, manager: User) -> Run:
    """A run that would move the label of the task in review."""
    run = Run.objects.create(
        project=project, method="median", status="done", tasks=1, answers=1, difference=NO_DIFFERENCE,
        created_by=manager, done_at=timezone.now(),
    )  # fmt: skip
    Consensus.objects.create(
        project=project, task=review.task, run=run, is_current=False, moved=2.0, set_hash="1" * 64, method="median",
        version="1", points_data_only=SQUARE, covariance=FLAT, answers=1, **ANSWER,
    )  # fmt: skip
    return run


def published(project: Project, asset: Asset, manager: User) -> tuple[Release, Item]:
    label = Label.objects.create(
        project=project, asset=asset, schema=project.schema, answers=3, method="median", method_version="1", **ANSWER
    )
    release = Release.objects.create(
        project=project, schema=project.schema, version=1, status="published", formats=["jsonl"], created_by=manager,
        frozen_at=timezone.now(), built_at=timezone.now(), published_at=timezone.now(),
    )  # fmt: skip
    item = Item.objects.create(release=release, label=label, number=1, key=asset.key, answers=3, **ANSWER)
    stored_as = default_storage.save(f"releases/{release.pk}/manifest.json", ContentFile(b"{}"))
    ReleaseFile.objects.create(
        release=release, path="manifest.json", format="manifest", bytes=2, sha256="0" * 64, stored_as=stored_as
    )
    return release, item


@pytest.fixture
def world(ada, theo):
    a_project(theo)
    return build("", ada, theo)
