"""The same assignment answered from two places at the same moment."""

from threading import Barrier, Thread

import pytest
from django.db import connections

from projects.errors import Refused
from tasks.annotation.models import Annotation, Draft
from tasks.annotation.submit import submit
from tasks.assignment import lease
from tasks.assignment.skip import skip
from tasks.assignment.withdraw import withdraw
from tasks.task import Task

pytestmark = pytest.mark.django_db(transaction=True)


def together(*deeds):
    """Each deed in a thread of its own, all let go at once; what each returned or was refused with."""
    start, results = Barrier(len(deeds)), [None] * len(deeds)

    def run(index, deed):
        start.wait()
        try:
            results[index] = deed()
        except Refused as refused:
            results[index] = refused.code
        finally:
            connections.close_all()

    threads = [Thread(target=run, args=each) for each in enumerate(deeds)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


@pytest.fixture
def project(make, mara, ann, ben):
    return make.project(mara, people=[(ann, "annotator"), (ben, "annotator")], overlap=3)


@pytest.fixture(autouse=True)
def _nobody_follows():
    """What comes after an answer is not looked at here."""
    from orchestrator.celery import app

    app.conf.task_always_eager, app.conf.broker_url = False, "memory://"


def answering(assignment, annotator, body):
    return lambda: submit(
        assignment.pk,
        annotator=annotator,
        lease_token=assignment.lease_token,
        attributes={},
        seconds=1,
        **body,
    )


def test_the_same_answer_twice_is_one_annotation(make, project, ann):
    make.task(project)
    assignment = lease.take(project, annotator=ann)

    results = together(*[answering(assignment, ann, make.answer())] * 4)

    assert sorted(created for _, created in results) == [False, False, False, True]
    assert len({annotation.pk for annotation, _ in results}) == 1
    assert Task.objects.get().answers == 1


def test_of_two_answers_one_stands(make, project, ann):
    make.task(project)
    assignment = lease.take(project, annotator=ann)

    results = together(answering(assignment, ann, make.answer(0)), answering(assignment, ann, make.answer(1)))

    assert "already_submitted" in results
    assert Annotation.objects.count() == 1


def test_an_answer_and_a_withdrawal(make, project, mara, ann):
    for _ in range(5):
        task = make.task(project)
        assignment = lease.take(project, annotator=ann)

        result, _ = together(
            answering(assignment, ann, make.answer()), lambda task=task: withdraw(task, by=mara, reason="a cat")
        )

        is_kept = Annotation.objects.filter(task=task).exists()
        assert is_kept == (result != "lease_lost")
        assert is_kept or Draft.objects.filter(task=task, annotator=ann).exists()


def test_an_answer_and_the_sweep_and_somebody_who_waits(make, project, ann, ben):
    for _ in range(5):
        task = make.task(project, wanted=1)
        assignment = lease.take(project, annotator=ann)
        type(assignment).objects.filter(pk=assignment.pk).update(leased_until=assignment.leased_at)

        result, _, taken = together(
            answering(assignment, ann, make.answer()),
            lease.free_lapsed,
            lambda: lease.take(project, annotator=ben),
        )

        task.refresh_from_db()
        is_late = result == "lease_lost"
        assert task.answers == (0 if is_late else 1)
        assert is_late == (taken is not None)
        if taken:
            lease.release(taken.pk, annotator=ben, lease_token=taken.lease_token)
            withdraw(task, by=project.created_by, reason="done with")


def test_an_answer_and_a_skip_of_the_same_assignment(make, project, ann):
    for _ in range(5):
        task = make.task(project)
        assignment = lease.take(project, annotator=ann)

        together(
            answering(assignment, ann, make.answer()),
            lambda held=assignment: skip(held.pk, annotator=ann, lease_token=held.lease_token, reason="blurred"),
        )

        answers = Annotation.objects.filter(task=task).count()
        task.refresh_from_db()
        assert task.answers == answers
        unanswered = task.assignments.filter(status="open").count()
        assert answers + unanswered == task.wanted
