"""The endpoints of tasks and their consensus."""

import pytest

from tasks import workflow
from tasks.consensus.merge import merge
from tasks.review import lease
from tasks.review.decide import decide
from tests.answers import an_annotation
from tests.make import SQUARE

API = "/api/v1"


@pytest.fixture
def merged(make, faces, ann, ben):
    task = make.task(faces)
    an_annotation(task, ann)
    an_annotation(task, ben, shift=2.0)
    workflow.after_submission(task.pk)
    return task


def test_the_list_tells_how_far_each_task_is(as_, faces, make, merged, mara, django_assert_max_num_queries):
    waiting = make.task(faces)
    client = as_(mara)

    with django_assert_max_num_queries(5):
        answer = client.get(f"{API}/tasks?project={faces.pk}")

    done, open_one = answer.json()["items"]
    assert answer.json()["next"] is None
    assert (done["id"], done["status"], done["answers"], done["wanted"], done["round"]) == (
        str(merged.pk),
        *("accepted", 2, 2, 1),
    )
    assert (open_one["asset"], open_one["key"], open_one["status"]) == (
        str(waiting.asset_id),
        waiting.asset.key,
        "open",
    )


def test_the_list_is_narrowed_by_status_and_goes_on_page_by_page(as_, faces, make, merged, rita):
    for _ in range(3):
        make.task(faces)
    client = as_(rita)

    first = client.get(f"{API}/tasks?status=open&limit=2").json()
    second = client.get(first["next"]).json()

    assert [len(first["items"]), len(second["items"]), second["next"]] == [2, 1, None]
    assert client.get(f"{API}/tasks?status=done").status_code == 422
    assert client.get(f"{API}/tasks?annotator=ann").status_code == 422


def test_tasks_are_missing_for_whoever_may_not_inspect(as_, faces, merged, ann, clea, theo):
    for person in (ann, clea, theo):
        client = as_(person)
        assert client.get(f"{API}/tasks?project={faces.pk}").json()["items"] == []
        assert client.get(f"{API}/tasks/{merged.pk}").status_code == 404
        assert client.get(f"{API}/tasks/{merged.pk}/consensus").status_code == 404
    assert as_(None).get(f"{API}/tasks").status_code == 401


def test_the_consensus_is_shown_with_its_uncertainty(as_, merged, rita):
    answer = as_(rita).get(f"{API}/tasks/{merged.pk}/consensus")

    shown = answer.json()
    assert answer.status_code == 200
    assert shown["points"] == shown["points_data_only"] == [[x + 1.0, y] for x, y in SQUARE]
    (xx, xy), (yx, yy) = shown["covariance"][0]
    assert xx > 0
    assert yy > 0
    assert xy == yx
    assert (shown["visibility"], shown["answers"], shown["method"]) == ([2] * 5, 2, "median")
    assert 0 < shown["agreement"] < 1


def test_a_point_that_nobody_placed_is_null_and_so_is_its_covariance(as_, make, faces, ann, rita):
    task = make.task(faces, wanted=1)
    an_annotation(task, ann, points=[None, *SQUARE[1:]], visibility=[0, 2, 2, 2, 2])
    merge(task.pk)

    shown = as_(rita).get(f"{API}/tasks/{task.pk}/consensus").json()

    assert (shown["points"][0], shown["covariance"][0], shown["visibility"][0]) == (None, None, 0)
    assert shown["agreement"] is None


def test_before_the_merge_there_is_no_consensus_and_the_answer_says_so(as_, make, faces, ann, rita):
    task = make.task(faces)
    an_annotation(task, ann)

    answer = as_(rita).get(f"{API}/tasks/{task.pk}/consensus")

    assert (answer.status_code, answer.json()["code"]) == (404, "no_consensus")
    assert "1 of 2 answers" in answer.json()["detail"]


def test_after_a_redo_the_task_tells_why_and_the_old_consensus_is_gone(as_, make, mara, ann, ben, rita):
    project = make.project(mara, people=[(rita, "reviewer")], review_layers=1)
    task = make.task(project)
    for person in (ann, ben):
        an_annotation(task, person)
    workflow.after_submission(task.pk)
    review = lease.take(project, reviewer=rita)
    decide(review.pk, reviewer=rita, verdict="redo", note="the wrong face")

    shown = as_(mara).get(f"{API}/tasks/{task.pk}").json()

    assert (shown["status"], shown["round"], shown["answers"]) == ("open", 2, 0)
    assert [(note["round"], note["verdict"], note["note"]) for note in shown["notes"]] == [
        (1, "redo", "the wrong face")
    ]
    assert "rita" not in str(shown)
    assert as_(mara).get(f"{API}/tasks/{task.pk}/consensus").status_code == 404
