"""More of everything in a world, so that lists grow."""

from django.db.models.functions import Now

from projects.clients.models import Client
from projects.datasets.models import ImportBatch, Refusal
from projects.deliveries.models import Release
from projects.labels.models import Label
from projects.teams import grants, join
from tasks.annotation.models import Annotation
from tasks.assignment.models import Assignment
from tasks.consensus.models import Consensus, Run
from tasks.review.models import Review
from tests.make import a_project, a_schema, a_task, an_asset
from tests.people import person
from tests.security.world import ANSWER, FLAT, lease


def grow(world, times, mark):
    project, people = world.project, world.people
    manager, annotator, reviewer = people["manager"], people["annotator"], people["reviewer"]
    for number in range(times):
        name = f"{mark}-{number}"
        somebody = person(name)
        grants.found(project, role="annotator", to=somebody, by=manager)
        join.join(join.found(name, by=manager), somebody, by=manager)
        Client.objects.create(name=name, created_by=manager)
        a_schema(manager)
        a_project(manager, people=[(annotator, "annotator"), (reviewer, "reviewer"), (people["client"], "client")])
        batch = ImportBatch.objects.get(pk=world.ids["imports"])
        ImportBatch.objects.create(project=project, dataset=batch.dataset, kind="zip", created_by=manager)
        row = batch.refusals.count()
        Refusal.objects.create(batch=batch, row=row, key=name, code="truncated", detail="It breaks off.")
        Release.objects.create(
            project=project, schema=project.schema, version=2 + Release.objects.filter(project=project).count(),
            status="published", formats=["jsonl"], created_by=manager, published_at=Now(),
        )  # fmt: skip
        answered(project, annotator, reviewer, run=Run.objects.get(pk=world.ids["consensus-runs"]))
        Run.objects.create(project=project, method="median", status="done", created_by=manager)
        lease(a_task(project, wanted=1).assignments.get(), annotator)


def answered(project, annotator, reviewer, *, run):
    task = a_task(project, wanted=1, asset=an_asset(project, subject_id="s", sequence=None))
    assignment = task.assignments.get()
    lease(assignment, annotator)
    Annotation.objects.create(
        project=project, task=task, assignment=assignment, annotator=annotator, schema=project.schema, seconds=1,
        leased_at=Now(), **ANSWER,
    )  # fmt: skip
    Assignment.objects.filter(pk=assignment.pk).update(status="submitted", leased_until=None)
    consensus = Consensus.objects.create(
        project=project, task=task, set_hash="0" * 64, method="median", version="1", points_data_only=ANSWER["points"],
        covariance=FLAT, answers=1, **ANSWER,
    )  # fmt: skip
    Consensus.objects.create(
        project=project, task=task, run=run, is_current=False, moved=2.0, set_hash="1" * 64, method="median",
        version="1", points_data_only=ANSWER["points"], covariance=FLAT, answers=1, **ANSWER,
    )  # fmt: skip
    Review.objects.create(
        project=project, task=task, consensus=consensus, status="leased", reviewer=reviewer, lease_token=1,
        leased_until=Now(),
    )  # fmt: skip
    Label.objects.create(
        project=project, asset=task.asset, schema=project.schema, answers=1, method="median", method_version="1",
        **ANSWER,
    )  # fmt: skip
