"""The sweeps find whatever a lost message or a killed worker left behind."""

from datetime import timedelta

import pytest
from django.utils import timezone

from projects.labels.models import Label
from tasks import lifecycle, workflow
from tasks.review.models import Review
from tasks.task import Status, Task
from tests.answers import an_annotation


def left(task, status, *, seconds=60):
    """As if a worker had been killed that long ago."""
    Task.objects.filter(pk=task.pk).update(status=status, moved_at=timezone.now() - timedelta(seconds=seconds))


@pytest.fixture
def answered(make, faces, ann, ben):
    task = make.task(faces)
    an_annotation(task, ann)
    an_annotation(task, ben, shift=1.0)
    return task


def status_of(task):
    return Task.objects.get(pk=task.pk).status


def test_a_task_that_waits_too_long_for_its_merge_is_merged(answered):
    left(answered, Status.MERGING)

    workflow.sweep()

    assert status_of(answered) == Status.ACCEPTED


def test_a_task_whose_message_is_still_on_its_way_is_left_alone(answered):
    left(answered, Status.MERGING, seconds=5)

    assert workflow.sweep() == 0
    assert status_of(answered) == Status.MERGING


def test_a_parked_task_without_a_review_gets_one(make, faces):
    task = make.task(faces)
    left(task, Status.ADJUDICATION)

    workflow.sweep()
    workflow.sweep()

    assert Review.objects.get().task == task


def test_tasks_that_cannot_be_merged_hide_none_behind_them(make, faces, answered, monkeypatch):
    monkeypatch.setattr(workflow, "BATCH", 3)
    for _ in range(7):
        left(make.task(faces), Status.MERGING, seconds=600)  # older, and without any answer
    left(answered, Status.MERGING)

    assert workflow.sweep() == 1
    assert status_of(answered) == Status.ACCEPTED


def test_a_full_task_that_nobody_moved_is_merged(answered):
    left(answered, Status.OPEN)

    workflow.sweep_stranded()

    assert status_of(answered) == Status.ACCEPTED


def test_a_task_in_review_without_a_review_gets_one(make, mara, ann, ben):
    task = make.task(make.project(mara, review_layers=1))
    an_annotation(task, ann)
    an_annotation(task, ben)
    workflow.after_submission(task.pk)
    Review.objects.all().delete()
    left(task, Status.IN_REVIEW)

    workflow.sweep_stranded()

    assert Review.objects.get().task == task


def test_an_accepted_task_without_a_label_gets_it(answered):
    workflow.after_submission(answered.pk)
    Label.objects.all().delete()
    left(answered, Status.ACCEPTED)

    workflow.sweep_stranded()
    workflow.sweep_stranded()

    assert Label.objects.get().asset == answered.asset


def test_a_withdrawn_task_is_left_alone(answered):
    lifecycle.move(answered, Status.WITHDRAWN)
    left(answered, Status.WITHDRAWN)

    assert workflow.sweep() == workflow.sweep_stranded() == 0
