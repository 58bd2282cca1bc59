"""Workers that get the same job at the same moment."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from tasks.consensus.adopt import adopt, carry_out
from tasks.consensus.compute import compute
from tasks.consensus.merge import merge
from tasks.consensus.models import Consensus, CrowdModel, Run
from tasks.consensus.refit import refit
from tests.answers import an_annotation

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(deed, times=3):
    together = threading.Barrier(times)

    def work(_):
        together.wait()
        try:
            return deed()
        finally:
            connection.close()

    with ThreadPoolExecutor(times) as workers:
        return list(workers.map(work, range(times)))


@pytest.fixture
def answered(make, faces, ann, ben):
    task = make.task(faces)
    an_annotation(task, ann)
    an_annotation(task, ben, shift=2.0)
    merge(task.pk)
    return task


def test_workers_at_once_compute_and_adopt_a_run_once(faces, answered, mara):
    run = Run.objects.create(project=faces, method="median", created_by=mara)

    at_once(lambda: compute(run.pk))
    run.refresh_from_db()
    done = (run.status, run.tasks, run.results.count())
    adopt(run, labels=False, by=mara)
    at_once(lambda: carry_out(run.pk))

    run.refresh_from_db()
    assert done == ("done", 1, 1)
    assert (run.status, run.outcomes) == ("adopted", {"adopted": 1})
    assert Consensus.objects.get(task=answered, is_current=True).run_id == run.pk


def test_workers_at_once_learn_one_version(faces, answered):
    at_once(lambda: refit(faces.pk))

    assert list(CrowdModel.objects.values_list("version", flat=True)) == [1]
