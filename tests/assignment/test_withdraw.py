"""Withdrawing a task and putting it back."""

import pytest

from projects.errors import NotAllowed, WrongState
from projects.project import Project
from tasks.annotation.submit import submit
from tasks.assignment.lease import take
from tasks.assignment.models import Assignment, AssignmentStatus
from tasks.assignment.withdraw import reopen, withdraw
from tasks.task import Status, Task


def statuses(task):
    return sorted(Assignment.objects.filter(task=task).values_list("number", "status"))


@pytest.fixture
def answered(make, faces, ann):
    """A task with one of its two answers."""
    task = make.task(faces)
    got = take(faces, annotator=ann)
    submit(got.pk, annotator=ann, lease_token=got.lease_token, attributes={}, seconds=1, **make.answer())
    return Task.objects.select_related("project").get(pk=task.pk)


def test_nobody_is_asked_any_more(make, faces, mara, ann, ben):
    task = make.task(faces)
    take(faces, annotator=ann)

    assert withdraw(task, by=mara, reason="a cat").status == Status.WITHDRAWN

    assert {status for _, status in statuses(task)} == {AssignmentStatus.WITHDRAWN}
    assert take(faces, annotator=ben) is None


def test_twice_is_once(make, faces, mara):
    task = make.task(faces)

    withdraw(task, by=mara, reason="a cat")

    assert withdraw(task, by=mara, reason="a cat").status == Status.WITHDRAWN


def test_put_back_it_asks_for_the_answers_that_are_missing(answered, faces, mara, ann, ben):
    withdraw(answered, by=mara, reason="a cat")

    task = reopen(answered, by=mara, reason="a cat with a face")

    assert (task.status, task.answers, task.round) == (Status.OPEN, 1, 1)
    assert statuses(task) == [(1, "submitted"), (2, "withdrawn"), (3, "open")]
    assert take(faces, annotator=ann) is None
    assert take(faces, annotator=ben)


def test_who_had_it_in_hand_may_be_asked_again(make, faces, mara, ann):
    task = make.task(faces)
    take(faces, annotator=ann)
    withdraw(task, by=mara, reason="a cat")

    reopen(task, by=mara)

    assert take(faces, annotator=ann).task == task


def test_put_back_with_all_its_answers_it_is_merged(answered, make, faces, mara, ben):
    got = take(faces, annotator=ben)
    submit(got.pk, annotator=ben, lease_token=got.lease_token, attributes={}, seconds=1, **make.answer())
    withdraw(answered, by=mara, reason="a cat")

    assert reopen(answered, by=mara).status == Status.MERGING


def test_only_a_withdrawn_task_is_put_back(make, faces, mara):
    task = make.task(faces)
    assert reopen(task, by=mara).status == Status.OPEN
    Task.objects.filter(pk=task.pk).update(status=Status.ACCEPTED)

    with pytest.raises(WrongState):
        reopen(task, by=mara)


def test_not_in_a_closed_project(make, faces, mara):
    task = make.task(faces)
    withdraw(task, by=mara, reason="a cat")
    Project.objects.filter(pk=faces.pk).update(status="closed")

    with pytest.raises(WrongState, match="closed"):
        reopen(task, by=mara)


@pytest.mark.parametrize("name", ["ann", "rita", "clea", "theo"])
def test_only_a_manager_does_either(make, faces, request, name):
    person, task = request.getfixturevalue(name), make.task(faces)

    with pytest.raises(NotAllowed):
        withdraw(task, by=person, reason="a cat")
    with pytest.raises(NotAllowed):
        reopen(task, by=person)


def test_through_the_api(as_, make, faces, mara):
    task = make.task(faces)
    client = as_(mara)

    without = client.post(f"/api/v1/tasks/{task.pk}/withdraw", {})
    gone = client.post(f"/api/v1/tasks/{task.pk}/withdraw", {"reason": "a cat"})
    back = client.post(f"/api/v1/tasks/{task.pk}/reopen", {})

    assert without.status_code == 422
    assert (gone.status_code, gone.json()) == (200, {"task": str(task.pk), "status": "withdrawn"})
    assert (back.status_code, back.json()) == (200, {"task": str(task.pk), "status": "open"})


@pytest.mark.parametrize(("name", "status"), [("rita", 403), ("ann", 404), ("clea", 404), ("theo", 404)])
def test_the_api_refuses_others(as_, make, faces, request, name, status):
    task, client = make.task(faces), as_(request.getfixturevalue(name))

    assert client.post(f"/api/v1/tasks/{task.pk}/withdraw", {"reason": "a cat"}).status_code == status
    assert client.post(f"/api/v1/tasks/{task.pk}/reopen", {}).status_code == status
