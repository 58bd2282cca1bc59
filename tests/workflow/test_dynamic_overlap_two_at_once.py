"""Dynamic overlap with many workers and people at once, and with a worker that dies in the middle."""

import random
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from tasks import workflow
from tasks.annotation.submit import submit
from tasks.assignment.lease import take
from tasks.assignment.models import Assignment
from tasks.consensus.models import Consensus
from tasks.task import Status, Task
from tests.answers import an_annotation
from tests.workflow.test_dynamic_overlap import NOSE, TARGET, asked, off


@pytest.fixture
def project(make, mara, ann, ben):
    people = [(ann, "annotator"), (ben, "annotator")]
    return make.project(mara, people=people, dynamic=True, target_error=TARGET, max_overlap=4)


def test_killed_after_the_merge_nothing_is_kept_and_the_sweep_asks_once(make, project, ann, ben, monkeypatch):
    task = make.task(project)
    an_annotation(task, ann), an_annotation(task, ben, **off(8.0))

    class Killed(BaseException):
        pass

    def die(*_, **__):
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(workflow, "open_more", die)
        with pytest.raises(Killed):
            workflow.after_submission(task.pk)
    task.refresh_from_db()
    before = (task.status, task.wanted, Consensus.objects.count())
    workflow.after_submission(task.pk)

    task.refresh_from_db()
    assert before == (Status.MERGING, 2, 0)
    assert (task.status, task.wanted, len(asked(task))) == (Status.OPEN, 3, 3)


@pytest.mark.django_db(transaction=True)
def test_messages_delivered_three_times_shuffled_to_four_workers_open_one_more_each(make, project, ann, ben):
    tasks = [make.task(project) for _ in range(6)]
    for task in tasks:
        an_annotation(task, ann), an_annotation(task, ben, **off(8.0))
    messages = [task.pk for task in tasks] * 3
    random.Random(11).shuffle(messages)

    def work(mine):
        for task_id in mine:
            for step in (workflow.after_submission, workflow.after_answers, workflow.after_merge):
                step(task_id)
        connection.close()

    with ThreadPoolExecutor(4) as workers:
        list(workers.map(work, [messages[part::4] for part in range(4)]))

    assert [(task.wanted, task.status) for task in Task.objects.all()] == [(3, Status.OPEN)] * 6
    assert Assignment.objects.filter(landmarks=[NOSE], status="open").count() == 6
    assert (Assignment.objects.count(), Consensus.objects.count()) == (18, 6)


@pytest.mark.django_db(transaction=True)
def test_two_who_answer_at_once_are_both_counted_and_one_more_is_asked(make, project, ann, ben):
    task = make.task(project)
    held = {who: take(project, annotator=who) for who in (ann, ben)}

    def answer(who, dx):
        mine = held[who]
        content = {"visibility": [2] * 5, "attributes": {}, "seconds": 1} | off(dx)
        submit(mine.pk, annotator=who, lease_token=mine.lease_token, **content)
        connection.close()

    with ThreadPoolExecutor(2) as workers:
        list(workers.map(answer, (ann, ben), (0.0, 8.0)))

    task.refresh_from_db()
    assert (task.answers, task.wanted, task.status) == (2, 3, Status.OPEN)
    assert asked(task)[2:] == [("open", [NOSE])]
