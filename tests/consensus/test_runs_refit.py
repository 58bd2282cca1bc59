"""Learning each night from a project's crowd, and merging new tasks with what was learnt."""

import numpy as np
import pytest

from tasks.consensus.lessons import lesson_of, pack, unpack
from tasks.consensus.merge import merge
from tasks.consensus.models import CrowdModel
from tasks.consensus.refit import refit, refit_all
from tests.answers import an_annotation
from tests.make import SQUARE


@pytest.fixture
def crowd(make, mara, ann, ben, cy):
    """Sixteen faces of different places and sizes; cy is five times less careful than ann and ben."""
    project = make.project(mara, people=[(each, "annotator") for each in (ann, ben, cy)], merger="reliability")
    rng = np.random.default_rng(3)
    tasks = [make.task(project, wanted=3) for _ in range(16)]
    for task in tasks:
        truth = np.array(SQUARE) * rng.uniform(0.8, 1.2) + rng.normal(0, 5, 2) + rng.normal(0, 1, (5, 2))
        for person, care in ((ann, 0.4), (ben, 0.4), (cy, 2.0)):
            an_annotation(task, person, points=(truth + rng.normal(0, care, truth.shape)).tolist())
    return project, tasks


def test_a_new_task_is_merged_with_what_was_learnt_and_the_same_answers_find_the_same_row(crowd, cy):
    project, tasks = crowd
    plain = merge(tasks[0].pk)

    model = refit(project.pk)
    taught, again = merge(tasks[0].pk), merge(tasks[0].pk)

    assert model.learnt is not None
    assert lesson_of(project).version == 1
    assert plain.pk != taught.pk == again.pk
    assert {entry["annotation"] for entry in taught.weights} == {entry["annotation"] for entry in plain.weights}
    assert weight_of(taught, cy) < weight_of(plain, cy)


def test_nothing_new_teaches_nothing_new(crowd, make, ann):
    project, _ = crowd
    first, again = refit(project.pk), refit(project.pk)

    an_annotation(make.task(project, wanted=1), ann)
    later = refit(project.pk)

    assert (first.pk, first.version) == (again.pk, again.version)
    assert later.version == 2
    assert CrowdModel.objects.count() == 2


def test_two_projects_with_the_same_answers_learn_the_same(crowd):
    project, _ = crowd
    first = refit(project.pk)
    CrowdModel.objects.all().delete()

    again = refit(project.pk)

    assert bytes(again.learnt) == bytes(first.learnt)


def test_what_was_learnt_comes_back_from_its_bytes_as_it_was(crowd):
    project, _ = crowd
    packed = bytes(refit(project.pk).learnt)

    assert pack(unpack(packed)) == packed


def test_where_the_plain_merger_did_better_it_stays(crowd):
    project, tasks = crowd
    plain = merge(tasks[0].pk)
    CrowdModel.objects.create(project=project, version=1, learnt_from="", answers=48)

    again = merge(tasks[0].pk)

    assert lesson_of(project) is None
    assert again.pk == plain.pk


def test_each_active_project_that_learns_is_learnt_from_once_a_night(crowd, faces, django_capture_on_commit_callbacks):
    for _ in range(2):
        with django_capture_on_commit_callbacks(execute=True):
            refit_all()

    assert list(CrowdModel.objects.values_list("project", "version")) == [(crowd[0].pk, 1)]


def test_a_project_without_answers_teaches_nothing(faces):
    assert refit(faces.pk) is None


def weight_of(consensus, person):
    [answer] = person.annotations.filter(task=consensus.task)
    return next(entry["weight"] for entry in consensus.weights if entry["annotation"] == str(answer.pk))
