"""The reports on a project."""

import pytest

from projects.datasets.models import Sequence
from tasks import lifecycle, workflow
from tasks.review import lease
from tasks.review.decide import decide
from tasks.task import Status
from tests.answers import an_annotation

API = "/api/v1"


@pytest.fixture
def merged(make, faces, ann, ben):
    """Two answers that lie 2 px apart, on a face whose eyes are 40 px apart."""
    task = make.task(faces)
    an_annotation(task, ann, seconds=20.0)
    an_annotation(task, ben, shift=2.0, seconds=40.0)
    workflow.after_submission(task.pk)
    return task


def report(client, project, name):
    return client.get(f"{API}/projects/{project.pk}/{name}")


def test_progress_counts_what_there_is_in_few_queries(
    as_, make, faces, merged, mara, clea, django_assert_max_num_queries
):
    make.task(faces)
    lifecycle.move(make.task(faces), Status.WITHDRAWN)
    make.asset(faces)
    client = as_(clea)

    with django_assert_max_num_queries(9):
        answer = report(client, faces, "progress")

    assert answer.json() == {
        "assets": 4,
        "tasks": {"open": 1, "merging": 0, "in_review": 0, "adjudication": 0, "accepted": 1, "withdrawn": 1},
        "answers": 2,
        "labels": 1,
    }


def test_progress_counts_the_answers_of_all_rounds(as_, make, mara, rita, ann, ben):
    project = make.project(mara, people=[(rita, "reviewer")], review_layers=1)
    task = make.task(project)
    an_annotation(task, ann), an_annotation(task, ben)
    workflow.after_submission(task.pk)
    decide(lease.take(project, reviewer=rita).pk, reviewer=rita, verdict="redo")

    assert report(as_(mara), project, "progress").json()["answers"] == 2


def test_agreement_tells_each_landmark_apart(as_, faces, merged, mara):
    shown = report(as_(mara), faces, "agreement").json()

    assert (shown["tasks"], shown["measured_tasks"]) == (1, 1)
    assert 0 < shown["agreement"] < 1
    assert [entry["key"] for entry in shown["landmarks"]] == [point["key"] for point in faces.schema.points]
    assert [entry["pairs"] for entry in shown["landmarks"]] == [1] * 5
    assert [entry["distance"] for entry in shown["landmarks"]] == pytest.approx([2 / 40] * 5)


def test_agreement_of_nothing_is_null(as_, faces, mara):
    shown = report(as_(mara), faces, "agreement").json()

    assert (shown["tasks"], shown["agreement"]) == (0, None)
    assert {entry["distance"] for entry in shown["landmarks"]} == {None}


def test_annotators_are_told_apart_for_the_manager(as_, faces, merged, mara):
    ann, ben = sorted(report(as_(mara), faces, "annotators").json()["items"], key=lambda entry: entry["username"])

    assert (ann["username"], ann["answers"], ann["median_seconds"], ann["judged"]) == ("ann", 1, 20.0, 1)
    assert ben["median_seconds"] == 40.0
    assert ann["distance"] == pytest.approx(1 / 40)


def test_balance_counts_subjects_sequences_and_attributes(as_, make, faces, mara):
    walk = Sequence.objects.create(project=faces, key="walk")
    make.asset(faces, subject_id="s1", sequence=walk, frame=1, metadata={"light": "dim", "nested": {"a": 1}})
    make.asset(faces, subject_id="s1", sequence=walk, frame=2, metadata={"light": "dim", "glasses": True})
    make.asset(faces, metadata={"light": "bright"})

    shown = report(as_(mara), faces, "balance").json()

    assert shown["assets"] == 3
    assert shown["subjects"] == {"different": 1, "without": 1, "most": {"s1": 2}}
    assert shown["sequences"] == {"different": 1, "without": 1, "most": {"walk": 2}}
    assert shown["attributes"] == {"glasses": {"true": 1}, "light": {"dim": 2, "bright": 1}}


def test_who_sees_which_report(as_, faces, mara, rita, ann, clea, theo):
    found = {
        name: [report(as_(who), faces, name).status_code for who in (mara, rita, clea, ann, theo)]
        for name in ("progress", "agreement", "balance", "annotators", "answers")
    }

    assert found == {
        "progress": [200, 200, 200, 403, 404],
        "agreement": [200, 200, 403, 403, 404],
        "balance": [200, 200, 403, 403, 404],
        "annotators": [200, 403, 403, 403, 404],
        "answers": [200, 403, 403, 403, 404],
    }
