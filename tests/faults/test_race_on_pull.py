"""Many processes pull and submit until nothing is left: never over, never under, never twice."""

import multiprocessing
import os
import time

import pytest
from django.db import connection, connections
from django.db.models import Count, F

from projects.teams.models import User
from tests.people import person

TASKS, OVERLAP, PEOPLE, PROCESSES = 400, 3, 13, 32  # each person works in two or three processes at once


def work(project_id, annotator_id, answer, done):
    """One process: pull and submit through the use cases until there is nothing, then tell how often."""
    from orchestrator.celery import app
    from projects.errors import Refused
    from projects.project import Project
    from tasks.annotation.submit import submit
    from tasks.assignment.lease import take

    connections.close_all()
    app.conf.task_always_eager = False  # nobody merges meanwhile
    app.conf.broker_url = "memory://"
    project, annotator = Project.objects.get(pk=project_id), User.objects.get(pk=annotator_id)
    submitted, empty_since = [], None
    while empty_since is None or time.monotonic() - empty_since < 1.0:  # what another is taking may be given back
        assignment = take(project, annotator=annotator)
        if assignment is None:
            empty_since = empty_since or time.monotonic()
            time.sleep(0.05)
            continue
        empty_since = None
        try:
            annotation, _ = submit(
                assignment.pk,
                annotator=annotator,
                lease_token=assignment.lease_token,
                attributes={},
                seconds=0.1,
                **answer,
            )
        except Refused as refused:
            submitted.append(f"refused: {refused.code}")
        else:
            submitted.append(str(annotation.pk))
    done.put(submitted)
    connections.close_all()
    done.close()
    done.join_thread()
    os._exit(0)  # the test's own servers and fixtures are the parent's to end


@pytest.mark.django_db(transaction=True)
def test_32_processes_give_each_task_exactly_its_answers(make, mara):
    people = [person(f"person-{number}") for number in range(PEOPLE)]
    project = make.project(mara, people=[(each, "annotator") for each in people], overlap=OVERLAP)
    for _ in range(TASKS):
        make.asset(project)
    from tasks.assignment.planning import plan

    assert plan(project, by=mara) == (TASKS, TASKS * OVERLAP)

    acknowledged = race(project, people, make.answer())

    from tasks.annotation.models import Annotation
    from tasks.assignment.models import Assignment, AssignmentStatus
    from tasks.task import Status, Task

    stored = {str(pk) for pk in Annotation.objects.values_list("pk", flat=True)}
    assert sorted(acknowledged) == sorted(stored)
    assert len(stored) == TASKS * OVERLAP
    per_task = Task.objects.annotate(given=Count("annotations"), by=Count("annotations__annotator", distinct=True))
    assert not per_task.exclude(given=OVERLAP, by=OVERLAP, answers=F("wanted"), status=Status.MERGING).exists()
    assert not Assignment.objects.exclude(status=AssignmentStatus.SUBMITTED).exists()
    assert deadlocks() == 0


def race(project, people, answer):
    """All processes at once; what each of them had acknowledged."""
    connections.close_all()
    fork = multiprocessing.get_context("fork")
    done = fork.Queue()
    crowd = [
        fork.Process(target=work, args=(project.pk, people[number % len(people)].pk, answer, done))
        for number in range(PROCESSES)
    ]
    for process in crowd:
        process.start()
    acknowledged = [each for _ in crowd for each in done.get(timeout=110)]
    for process in crowd:
        process.join(timeout=5)
    return acknowledged


def deadlocks():
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_clear_snapshot()")
        cursor.execute("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()")
        return cursor.fetchone()[0]
