"""What dynamic overlap cost and saved."""

import pytest

from tasks import workflow
from tasks.review import lease
from tasks.review.decide import decide
from tests.answers import an_annotation
from tests.people import person
from tests.workflow.test_dynamic_overlap import NOSE, TARGET, nose, off

API = "/api/v1"


@pytest.fixture
def project(make, mara, rita, ann, clea):
    people = [(rita, "reviewer"), (ann, "annotator"), (clea, "client")]
    return make.project(mara, people=people, dynamic=True, target_error=TARGET, max_overlap=3)


@pytest.fixture
def answered(make, project, ann, ben):
    """`answered(8.0, nose(1.0))`: a task whose first two noses lie that far apart, and who was asked again."""

    def answering(apart, *again):
        task = make.task(project)
        an_annotation(task, ann)
        an_annotation(task, ben, **off(apart))
        workflow.after_submission(task.pk)
        for number, answer in enumerate(again):
            task.refresh_from_db()
            an_annotation(task, person(f"another {number} {task.pk}"), **answer)
            workflow.after_submission(task.pk)
        return task

    return answering


def report(client, project):
    return client.get(f"{API}/projects/{project.pk}/overlap")


def test_it_counts_answers_and_points_against_fixed_overlap(
    as_, make, project, answered, mara, django_assert_max_num_queries
):
    for _ in range(3):
        answered(0.0)
    answered(8.0, nose(1.0))
    answered(8.0, nose(-8.0))  # still in doubt: to an expert
    answered(8.0)  # waits for the third
    make.task(project)
    client = as_(mara)

    with django_assert_max_num_queries(12):
        shown = report(client, project).json()

    assert (shown["dynamic"], shown["target_error"], shown["overlap"], shown["max_overlap"]) == (True, TARGET, 2, 3)
    assert (shown["tasks"], shown["answers_per_task"], shown["adjudicated"]) == (5, {"2": 3, "3": 2}, 1)
    assert shown["answers"] == {"used": 12, "fixed": 15, "saved": 3}
    assert shown["points"] == {"used": 52, "fixed": 75, "saved": 23}
    assert [entry["answers"] for entry in shown["asked_again"]] == [2 if place == NOSE else 0 for place in range(5)]
    assert [entry["key"] for entry in shown["asked_again"]] == [point["key"] for point in project.schema.points]


def test_only_the_present_round_counts(as_, project, answered, mara, rita):
    answered(8.0, nose(-8.0))

    decide(lease.take(project, reviewer=rita).pk, reviewer=rita, verdict="redo")

    shown = report(as_(mara), project).json()
    assert (shown["tasks"], shown["answers"]["used"], shown["adjudicated"]) == (0, 0, 0)
    assert {entry["answers"] for entry in shown["asked_again"]} == {0}


def test_with_fixed_overlap_it_tells_what_that_costs(as_, make, mara, ann, ben):
    project = make.project(mara)
    task = make.task(project)
    an_annotation(task, ann), an_annotation(task, ben, **off(8.0))
    workflow.after_submission(task.pk)

    shown = report(as_(mara), project).json()

    assert (shown["dynamic"], shown["answers_per_task"]) == (False, {"2": 1})
    assert shown["answers"] == {"used": 2, "fixed": 5, "saved": 3}


def test_who_sees_it(as_, project, mara, rita, ann, clea, theo):
    found = [report(as_(who), project).status_code for who in (mara, rita, ann, clea, theo)]

    assert found == [200, 200, 403, 403, 404]
