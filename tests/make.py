"""Material for tests, made straight in the tables: `make.project(ann="annotator")`, `make.task(project, wanted=2)`."""

from itertools import count
from types import SimpleNamespace

import pytest
from django.utils import timezone

from projects.clients.models import Client
from projects.datasets.models import Asset, Dataset
from projects.policy import Policy
from projects.project import Project
from projects.schemas import presets
from projects.schemas.models import Schema, SchemaStatus
from projects.teams import grants
from tasks.assignment.models import Assignment
from tasks.task import Task

NUMBER = count(1)
SQUARE = [[30.0, 30.0], [70.0, 30.0], [50.0, 50.0], [35.0, 70.0], [65.0, 70.0]]  # a face5 answer in 100 x 100 px


def a_schema(by, preset="face5"):
    body = presets.load(preset) | {"name": f"{preset} {next(NUMBER)}"}
    fields = ("name", "points", "contours", "mirror", "normaliser", "reference")
    return Schema.objects.create(
        **{name: body[name] for name in fields},
        status=SchemaStatus.PUBLISHED,
        published_at=timezone.now(),
        created_by=by,
    )


def a_project(by, *, people=(), status="active", schema=None, name=None, **rules):
    """A project by a manager; `people` are (user, role) pairs. Rules default to overlap 2 and no review."""
    rules = {"overlap": 2, "review_layers": 0} | rules
    rules["max_overlap"] = max(rules.get("max_overlap", 5), rules["overlap"])
    project = Project.objects.create(
        client=Client.objects.create(name=f"client {next(NUMBER)}", created_by=by),
        schema=schema or a_schema(by),
        name=name or f"project {next(NUMBER)}",
        status=status,
        policy=Policy(**rules).to_dict(),
        created_by=by,
    )
    grants.found(project, role="manager", to=by, by=by)
    for user, role in people:
        grants.found(project, role=role, to=user, by=by)
    return project


def an_asset(project, **fields):
    dataset, _ = Dataset.objects.get_or_create(project=project, name="main")
    number = next(NUMBER)
    values = {"key": f"face-{number:05}.png", "url": f"https://example.org/{number}.png", "width": 100, "height": 100}
    return Asset.objects.create(project=project, dataset=dataset, **(values | fields))


def a_task(project, *, wanted=None, asset=None):
    """An open task with its open assignments."""
    wanted = wanted or project.rules.overlap
    task = Task.objects.create(project=project, asset=asset or an_asset(project), wanted=wanted)
    for number in range(1, wanted + 1):
        Assignment.objects.create(project=project, task=task, number=number)
    return task


def an_answer(shift=0.0):
    """Points and visibility of a face5 answer, shifted to the right."""
    return {"points": [[x + shift, y] for x, y in SQUARE], "visibility": [2] * len(SQUARE)}


@pytest.fixture
def make(db):
    return SimpleNamespace(schema=a_schema, project=a_project, asset=an_asset, task=a_task, answer=an_answer)


@pytest.fixture
def faces(make, mara, ann, ben, cy, rita, clea):
    """An active project with its whole cast."""
    people = [(ann, "annotator"), (ben, "annotator"), (cy, "annotator"), (rita, "reviewer"), (clea, "client")]
    return make.project(mara, people=people, name="faces")
