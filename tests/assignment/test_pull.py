"""Pulling through the API: what she gets, what she does not see, and who may not."""

import pytest

from projects.teams import grants
from tasks.annotation.models import Draft


@pytest.fixture
def pull(as_):
    return lambda person, project: as_(person).post(f"/api/v1/projects/{project.pk}/pull", {})


def test_ann_gets_the_asset_and_a_lease_and_nothing_else(pull, make, faces, ann):
    task = make.task(faces)

    answer = pull(ann, faces)

    assert answer.status_code == 201
    piece = answer.json()
    assert set(piece) == {"assignment", "task", "asset", "schema", "lease", "draft"}
    assert set(piece["asset"]) == {"id", "key", "image_url", "width", "height"}
    assert set(piece["lease"]) == {"token", "until"}
    assert piece["task"] == str(task.pk)
    assert piece["asset"]["image_url"] == task.asset.url
    assert piece["schema"] == str(faces.schema_id)
    assert piece["lease"]["token"] == "1"
    assert piece["draft"] is None


def test_her_draft_comes_along_and_nobody_elses(pull, make, faces, ann, ben):
    task = make.task(faces, wanted=2)
    Draft.objects.create(task=task, annotator=ben, **make.answer(3))

    hers = pull(ann, faces).json()
    his = pull(ben, faces).json()

    assert hers["draft"] is None
    assert his["draft"] == make.answer(3)


def test_there_is_nothing_when_all_is_taken(pull, make, faces, ann, ben):
    make.task(faces, wanted=1)
    pull(ben, faces)

    answer = pull(ann, faces)

    assert answer.status_code == 204
    assert answer.content == b""


def test_a_stranger_does_not_find_the_project(pull, make, faces, theo):
    make.task(faces)

    assert pull(theo, faces).status_code == 404


@pytest.mark.parametrize("name", ["rita", "clea", "mara"])
def test_others_on_the_project_may_not_pull(pull, make, faces, request, name):
    make.task(faces)

    answer = pull(request.getfixturevalue(name), faces)

    assert answer.status_code == 403
    assert answer.json()["code"] == "not_allowed"


def test_who_is_an_annotator_no_longer_gets_nothing_at_once(pull, make, faces, mara, ann):
    make.task(faces)
    assert pull(ann, faces).status_code == 201
    grants.withdraw(faces, role="annotator", to=ann, by=mara)

    assert pull(ann, faces).status_code == 404


@pytest.mark.parametrize("status", ["draft", "paused", "closed"])
def test_a_project_that_is_not_worked_on_gives_nothing(pull, make, mara, ann, status):
    project = make.project(mara, people=[(ann, "annotator")], status=status)
    make.task(project)

    answer = pull(ann, project)

    assert answer.status_code == 409
    assert answer.json()["code"] == "project_not_active"


def test_a_calibrating_project_is_worked_on(pull, make, mara, ann):
    project = make.project(mara, people=[(ann, "annotator")], status="calibrating")
    make.task(project)

    assert pull(ann, project).status_code == 201


def test_unknown_fields_are_refused(as_, make, faces, ann):
    make.task(faces)

    answer = as_(ann).post(f"/api/v1/projects/{faces.pk}/pull", {"asset": "the easy one"})

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == "/asset"


def test_the_same_key_gives_the_same_assignment(as_, make, faces, ann):
    make.task(faces)
    make.task(faces)
    client = as_(ann)

    first, again = (
        client.post(f"/api/v1/projects/{faces.pk}/pull", {}, headers={"Idempotency-Key": "one"}) for _ in range(2)
    )

    assert first.json() == again.json()
    assert again.headers["Idempotent-Replayed"] == "true"


def test_a_pull_costs_few_queries(as_, make, faces, ann, django_assert_max_num_queries):
    make.task(faces)
    client = as_(ann)

    with django_assert_max_num_queries(12):
        answer = client.post(f"/api/v1/projects/{faces.pk}/pull", {})

    assert answer.status_code == 201
