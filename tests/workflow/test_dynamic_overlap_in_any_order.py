"""Whatever people do in whatever order, dynamic overlap asks no more than it may, and nobody twice."""

from collections import Counter
from datetime import timedelta
from random import Random

import pytest
from django.db.models.functions import Now

from tasks import workflow
from tasks.annotation.models import Annotation
from tasks.annotation.submit import submit
from tasks.assignment import lease
from tasks.assignment.models import Assignment
from tasks.assignment.skip import skip
from tasks.assignment.withdraw import reopen, withdraw
from tasks.review import lease as reviews
from tasks.review.decide import decide
from tasks.task import Status, Task
from tests.people import person
from tests.workflow.test_dynamic_overlap import NOSE, TARGET, nose, off

MOST, STEPS, TASKS = 4, 70, 3
DEEDS = ["take"] * 6 + ["answer"] * 10 + ["skip", "release", "lapse", "withdraw", "reopen", "tell", "tell", "decide"]


@pytest.mark.parametrize("seed", range(4))
def test_no_order_of_deeds_asks_too_much_or_anybody_twice(make, mara, rita, seed):
    chance, names = Random(seed), [f"{name}{seed}" for name in ("ann", "ben", "cy", "dan", "eve", "fay")]
    crowd = [person(name) for name in names]
    people = [(each, "annotator") for each in crowd] + [(rita, "reviewer")]
    project = make.project(mara, people=people, dynamic=True, target_error=TARGET, max_overlap=MOST, max_skips=3)
    for _ in range(TASKS):
        make.task(project)

    for _ in range(STEPS):
        work(chance, project, crowd, mara, rita)
        for task in Task.objects.all():
            check(task)

    assert Annotation.objects.filter(assignment__landmarks=[NOSE]).exists(), "the walk never came to what it is about"


def work(chance, project, crowd, mara, rita):
    deed, who, task = chance.choice(DEEDS), chance.choice(crowd), chance.choice(list(Task.objects.order_by("pk")))
    held = Assignment.objects.filter(status="leased").order_by("pk")[chance.randrange(3) :].first()
    if deed == "take":
        lease.take(project, annotator=who)
    elif deed == "withdraw" and chance.random() < 0.3:
        withdraw(task, by=mara, reason="a pause")
    elif deed == "reopen" and task.status == Status.WITHDRAWN:
        reopen(task, by=mara)
        workflow.after_submission(task.pk)
    elif deed == "tell":
        for step in (workflow.after_submission, workflow.after_merge, workflow.after_skip, workflow.after_verdict):
            step(task.pk)
    elif deed == "decide" and (review := reviews.take(project, reviewer=rita)):
        decide(review.pk, reviewer=rita, verdict=chance.choice(["redo", "accept"] if review.consensus else ["redo"]))
    elif held:
        with_it(deed, held, chance)


def with_it(deed, held, chance):
    key = {"annotator": held.annotator, "lease_token": held.lease_token}
    if deed == "answer":
        dx = chance.choice([-8.0, 0.0, 8.0, 16.0])
        content = {"visibility": [2] * 5} | off(dx) if held.landmarks is None else nose(dx)
        submit(held.pk, attributes={}, seconds=1, **content, **key)
        for _ in range(3):
            workflow.after_submission(held.task_id)
    elif deed == "skip":
        skip(held.pk, reason="blurred", **key)
        workflow.after_skip(held.task_id)
    elif deed == "release":
        lease.release(held.pk, **key)
    elif deed == "lapse":
        Assignment.objects.filter(pk=held.pk).update(leased_until=Now() - timedelta(seconds=1))
        lease.free_lapsed()


def check(task):
    of_round = list(Assignment.objects.filter(task=task, round=task.round))
    by_status = Counter(each.status for each in of_round)
    assert task.answers <= task.wanted <= MOST
    assert task.answers == by_status["submitted"] == Annotation.objects.filter(task=task, round=task.round).count()
    if task.status == Status.OPEN:
        assert by_status["open"] + by_status["leased"] + by_status["submitted"] == task.wanted
    elif task.status != Status.ADJUDICATION:  # who holds it when a task is parked may still help
        assert not by_status["open"] + by_status["leased"]
    busy = [each.annotator_id for each in of_round if each.annotator_id]
    assert len(busy) == len(set(busy)), "somebody was asked twice in a round"
    partly = [each for each in of_round if each.landmarks is not None]
    assert all(each.landmarks == [NOSE] for each in partly)
    assert sum(each.status == "submitted" for each in partly) <= max(0, task.wanted - 2)
