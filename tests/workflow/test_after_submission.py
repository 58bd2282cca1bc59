"""What follows a submission: merging, then review or the label, however often and in whatever order it is told."""

import random
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from projects.labels.models import Label
from tasks import lifecycle, workflow
from tasks.consensus.models import Consensus
from tasks.review.models import Review
from tasks.task import Status
from tests.answers import an_annotation
from tests.make import SQUARE


def answered(make, project, *people):
    task = make.task(project, wanted=len(people))
    for place, person in enumerate(people):
        an_annotation(task, person, shift=float(place))
    return task


def test_the_last_answer_of_a_project_without_review_makes_the_label(make, faces, ann, ben):
    task = answered(make, faces, ann, ben)

    workflow.after_submission(task.pk)

    task.refresh_from_db()
    label = Label.objects.get(asset=task.asset)
    assert task.status == Status.ACCEPTED
    assert label.points == [[x + 0.5, y] for x, y in SQUARE]
    assert (label.answers, label.method, label.checked_layers, label.corrected) == (2, "median", 0, False)
    assert label.covariance == Consensus.objects.get(task=task).covariance


def test_an_answer_that_is_not_the_last_changes_nothing(make, faces, ann):
    task = make.task(faces, wanted=2)
    an_annotation(task, ann)

    workflow.after_submission(task.pk)

    task.refresh_from_db()
    assert task.status == Status.OPEN
    assert not Consensus.objects.exists()


def test_with_a_layer_of_review_the_consensus_goes_to_a_reviewer_with_its_doubt(make, mara, ann, ben):
    project = make.project(mara, review_layers=1)
    task = answered(make, project, ann, ben)

    workflow.after_submission(task.pk)

    task.refresh_from_db()
    review, consensus = Review.objects.get(task=task), Consensus.objects.get(task=task)
    assert task.status == Status.IN_REVIEW
    assert (review.status, review.layer, review.consensus) == ("open", 1, consensus)
    assert review.doubt == 1 - consensus.agreement
    assert not Label.objects.exists()


def test_a_single_answer_is_in_full_doubt(make, mara, ann):
    project = make.project(mara, review_layers=1, overlap=1)
    task = answered(make, project, ann)

    workflow.after_submission(task.pk)

    assert Review.objects.get(task=task).doubt == 1.0


def test_a_share_of_none_passes_over_every_layer(make, mara, ann, ben):
    project = make.project(mara, review_layers=2, review_share=0.0)
    task = answered(make, project, ann, ben)

    workflow.after_submission(task.pk)

    task.refresh_from_db()
    assert task.status == Status.ACCEPTED


def test_told_of_a_task_that_is_gone_nothing_happens(faces):
    workflow.after_submission(faces.pk)
    workflow.after_skip(faces.pk)
    workflow.after_verdict(faces.pk)


def test_an_answer_becomes_a_label_with_little_work(make, faces, ann, ben):
    tasks = [answered(make, faces, ann, ben) for _ in range(10)]

    begun = time.process_time()
    for task in tasks:
        workflow.after_submission(task.pk)
    seconds = (time.process_time() - begun) / len(tasks)

    assert seconds < 0.3
    assert Label.objects.count() == 10


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("layers", [0, 1])
def test_messages_delivered_three_times_shuffled_to_four_workers_do_each_thing_once(make, mara, ann, ben, layers):
    project = make.project(mara, review_layers=layers)
    tasks = [answered(make, project, ann, ben) for _ in range(8)]
    messages = [task.pk for task in tasks] * 3
    random.Random(7).shuffle(messages)
    steps = [workflow.after_submission, workflow.after_merge, workflow.after_verdict, workflow.after_skip]

    def work(mine):
        for task_id in mine:
            for step in steps:
                step(task_id)
        connection.close()

    with ThreadPoolExecutor(4) as workers:
        list(workers.map(work, [messages[part::4] for part in range(4)]))

    assert Consensus.objects.count() == 8
    assert Label.objects.count() == (8 if layers == 0 else 0)
    assert Review.objects.count() == (0 if layers == 0 else 8)


def test_a_task_parked_by_skips_waits_for_a_reviewer_though_the_project_has_no_review(make, faces):
    task = make.task(faces)
    lifecycle.move(task, Status.ADJUDICATION)

    workflow.after_skip(task.pk)
    workflow.after_skip(task.pk)

    review = Review.objects.get(task=task)
    assert (review.status, review.layer, review.consensus, review.doubt) == ("open", 1, None, 1.0)


def test_an_answer_that_was_there_before_the_skips_helps_the_reviewer(make, faces, ann):
    task = make.task(faces)
    an_annotation(task, ann)
    lifecycle.move(task, Status.ADJUDICATION)

    workflow.after_skip(task.pk)

    assert Review.objects.get(task=task).consensus.points == SQUARE


def test_an_answer_to_a_parked_task_replaces_what_the_waiting_reviewer_will_see(make, faces, ann, ben):
    task = make.task(faces)
    an_annotation(task, ann)
    lifecycle.move(task, Status.ADJUDICATION)
    workflow.after_skip(task.pk)
    an_annotation(task, ben, shift=2.0)

    workflow.after_submission(task.pk)

    assert Review.objects.get(task=task).consensus.answers == 2
