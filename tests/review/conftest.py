"""Tasks that wait for a reviewer."""

import pytest

from tasks import lifecycle, workflow
from tasks.review import lease
from tasks.task import Status
from tests.answers import an_annotation


@pytest.fixture
def checked(make, mara, ann, ben, rita, rob, clea):
    """A project whose labels two reviewers may check, with one layer."""
    people = [(ann, "annotator"), (ben, "annotator"), (rita, "reviewer"), (rob, "reviewer"), (clea, "client")]
    return make.project(mara, people=people, review_layers=1)


@pytest.fixture
def twice_checked(make, mara, ann, ben, rita, rob):
    people = [(ann, "annotator"), (ben, "annotator"), (rita, "reviewer"), (rob, "reviewer")]
    return make.project(mara, people=people, review_layers=2)


@pytest.fixture
def merged(make, ann, ben):
    """`merged(project, apart=2.0)`: a task whose two answers lie that many px apart, in review."""

    def making(project, *, apart=2.0):
        task = make.task(project)
        an_annotation(task, ann)
        an_annotation(task, ben, shift=apart)
        workflow.after_submission(task.pk)
        task.refresh_from_db()
        return task

    return making


@pytest.fixture
def parked(make):
    """`parked(project)`: a task that nobody wanted to answer."""

    def making(project):
        task = make.task(project)
        lifecycle.move(task, Status.ADJUDICATION)
        workflow.after_skip(task.pk)
        return task

    return making


@pytest.fixture
def pulled():
    """`pulled(project, rita)`: the review that she gets."""

    def pulling(project, reviewer):
        review = lease.take(project, reviewer=reviewer)
        assert review is not None
        return review

    return pulling
