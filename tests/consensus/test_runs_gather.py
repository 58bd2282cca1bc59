"""What a run merges: batch by batch, with the project's gold, and each answer for what it was asked."""

import numpy as np
import pytest

from projects.landmarks.schema import LandmarkSchema
from tasks.calibration.models import Gold
from tasks.consensus import gather
from tasks.consensus.compute import compute
from tasks.consensus.merge import merge
from tasks.consensus.models import Consensus, Run
from tests.answers import an_annotation
from tests.make import SQUARE


@pytest.fixture
def tasks(make, faces, ann, ben, cy):
    """Six tasks with three answers each; of the first the truth is known."""
    tasks = [make.task(faces, wanted=3) for _ in range(6)]
    for place, task in enumerate(tasks):
        for number, person in enumerate((ann, ben, cy)):
            an_annotation(task, person, shift=place + 0.3 * number)
    Gold.objects.create(
        project=faces, asset=tasks[0].asset, points=SQUARE, visibility=[2] * 5, made_by=faces.created_by
    )
    return tasks


def computed(project, by, method):
    run = Run.objects.create(project=project, method=method, created_by=by)
    compute(run.pk)
    run.refresh_from_db()
    return run


@pytest.mark.parametrize("method", ["median", "reliability"])
def test_every_task_is_merged_once_however_little_fits_at_a_time(monkeypatch, faces, tasks, mara, method):
    monkeypatch.setattr(gather, "MOST_POINTS", 40)

    run = computed(faces, mara, method)

    assert (run.status, run.tasks, run.answers) == ("done", 6, 18)
    assert set(run.results.values_list("task", flat=True)) == {task.pk for task in tasks}
    for place, task in enumerate(tasks):
        assert run.results.get(task=task).points[0][0] == pytest.approx(30.3 + place, abs=0.5)


def test_the_crowd_knows_the_gold_the_parts_and_the_mirror_of_the_schema(faces, tasks):
    schema = LandmarkSchema.from_dict(faces.schema.definition())
    gold, given = gather.gold_of(faces), list(gather.given_of(faces))

    crowd, people = gather.crowd_of(schema, given, gold)

    assert (len(crowd.image), len(people), list(crowd.gold_image)) == (18, 3, [5])
    assert crowd.gold_points.tolist() == [SQUARE]
    assert np.array_equal(crowd.mirror[crowd.mirror], np.arange(5))
    assert gather.order_of(given, gold)[5].task == tasks[0].pk


def test_gold_that_was_retired_teaches_nothing(faces, tasks):
    Gold.objects.update(retired_at="2020-01-01T00:00Z")

    assert gather.gold_of(faces) == []


def test_who_was_not_asked_for_a_point_has_no_vote_on_how_well_it_is_seen(make, faces, ann, ben, mara):
    task = make.task(faces)
    an_annotation(task, ann)
    only_first = [SQUARE[0], None, None, None, None]
    asked = an_annotation(task, ben, points=only_first, visibility=[2, 0, 0, 0, 0])
    asked.assignment.landmarks = [0]
    asked.assignment.save()
    merge(task.pk)

    run = computed(faces, mara, "median")

    assert Consensus.objects.get(run=run).visibility == [2] * 5
