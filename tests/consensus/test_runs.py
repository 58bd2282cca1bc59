"""Running another method over a project, and looking at what it would change."""

import pytest

from projects.audit.models import Event
from tasks.consensus.merge import merge
from tasks.consensus.mergers.components import Component
from tasks.consensus.models import Consensus, Run
from tasks.consensus.runs import PARTS
from tests.answers import an_annotation


@pytest.fixture
def start(as_, django_capture_on_commit_callbacks):
    """Ask for a run as this person; the worker computes it at once."""

    def start(person, project, **body):
        with django_capture_on_commit_callbacks(execute=True):
            return as_(person).post(f"/api/v1/projects/{project.pk}/consensus-runs", {"method": "median"} | body)

    return start


@pytest.fixture
def crowd(make, faces, ann, ben, cy):
    """Six tasks with three answers each, merged; the last with somebody far off."""
    tasks = [make.task(faces, wanted=3) for _ in range(6)]
    for place, task in enumerate(tasks):
        for number, person in enumerate((ann, ben, cy)):
            an_annotation(task, person, shift=20.0 if place == 5 and number == 2 else 0.3 * number)
        merge(task.pk)
    return tasks


def test_the_same_method_over_the_same_answers_changes_nothing(as_, start, faces, crowd, mara):
    asked = start(mara, faces)

    assert asked.status_code == 202
    run = as_(mara).get(asked["Location"]).json()
    assert (run["status"], run["tasks"], run["answers"]) == ("done", 6, 18)
    difference = as_(mara).get(asked["Location"] + "/difference").json()
    assert (difference["tasks"], difference["tasks_beyond_tolerance"], difference["points"]) == (6, 0, 30)
    assert set(difference["px"].values()) == {0.0}
    assert as_(mara).get(asked["Location"] + "/changes").json()["items"] == []


def test_what_a_run_would_change_is_counted_by_landmark_and_listed_by_task(as_, start, faces, crowd, mara):
    moved = Consensus.objects.get(task=crowd[2])
    moved.points = [[x + 10.0, y] if place == 1 else [x, y] for place, (x, y) in enumerate(moved.points)]
    moved.save()

    asked = start(mara, faces)

    difference = as_(mara).get(asked["Location"] + "/difference").json()
    [change] = as_(mara).get(asked["Location"] + "/changes").json()["items"]
    assert (difference["tasks_beyond_tolerance"], difference["points_beyond_tolerance"]) == (1, 1)
    assert difference["px"]["0.99"] == pytest.approx(10.0, rel=0.03)
    assert difference["landmarks"][1]["mean_px"] == pytest.approx(10 / 6)
    assert sum(part["points"] for part in difference["histogram"]) == 30
    assert (change["task"], change["key"]) == (str(crowd[2].pk), crowd[2].asset.key)
    assert change["moved"] > 1


def test_a_run_leaves_everything_current_as_it_was(start, faces, crowd, mara):
    before = list(Consensus.objects.filter(is_current=True).order_by("pk").values())

    start(mara, faces, method="reliability")

    assert list(Consensus.objects.filter(is_current=True).order_by("pk").values()) == before
    assert Consensus.objects.filter(run__project=faces, is_current=False).count() == 6


def test_a_run_tells_which_parts_of_the_method_were_on(as_, start, faces, crowd, mara):
    chosen = start(mara, faces, method="reliability")
    by_hand = start(mara, faces, method="reliability", settings={"parts": []})

    assert as_(mara).get(chosen["Location"]).json()["report"]["parts"]
    assert as_(mara).get(by_hand["Location"]).json()["report"]["parts"] == ["geometric median"]


def test_the_same_run_twice_gives_the_same_points(start, faces, crowd, mara):
    first, again = (start(mara, faces, method="reliability").json()["id"] for _ in range(2))

    assert points_of(first) == points_of(again)


def test_a_run_that_broke_off_is_computed_anew_by_whoever_comes_next(start, faces, crowd, mara):
    from django.utils import timezone

    from tasks.consensus.compute import compute

    run = Run.objects.get(pk=start(mara, faces).json()["id"])
    whole = points_of(run.pk)
    Consensus.objects.filter(run=run, task=crowd[0]).delete()
    Run.objects.filter(pk=run.pk).update(status="running", beat_at=timezone.now() - timezone.timedelta(minutes=5))

    compute(run.pk)
    compute(run.pk)

    run.refresh_from_db()
    assert (run.status, run.tasks) == ("done", 6)
    assert points_of(run.pk) == whole


def test_a_second_run_waits_until_the_first_is_done(as_, faces, crowd, mara):
    client = as_(mara)
    address = f"/api/v1/projects/{faces.pk}/consensus-runs"

    first, second = (client.post(address, {"method": "median"}) for _ in range(2))

    assert first.status_code == 202
    assert (second.status_code, second.json()["code"]) == (409, "run_at_work")
    assert client.get(f"/api/v1/consensus-runs/{first.json()['id']}/difference").status_code == 409


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"method": "magic"}, "/method"),
        ({"settings": {"speed": 1}}, "/settings/speed"),
        ({"settings": []}, "/settings"),
        ({"method": "reliability", "settings": {"parts": ["luck"]}}, "/settings/parts"),
        ({"colour": "red"}, "/colour"),
    ],
)
def test_what_no_method_knows_is_refused_with_where_it_stands(start, faces, mara, body, pointer):
    refused = start(mara, faces, **body)

    assert refused.status_code == 422
    assert [error["pointer"] for error in refused.json()["errors"]] == [pointer]


def test_a_project_without_answers_has_an_empty_run(as_, start, faces, mara):
    asked = start(mara, faces, method="reliability")

    assert as_(mara).get(asked["Location"]).json()["status"] == "done"
    assert as_(mara).get(asked["Location"] + "/difference").json()["points"] == 0


def test_a_manager_may_name_every_part_there_is():
    assert set(PARTS) == set(Component)


def test_the_deeds_are_in_the_trail(start, faces, crowd, mara):
    start(mara, faces)

    verbs = Event.objects.filter(project_id=faces.pk, verb__startswith="run.").order_by("pk")
    assert list(verbs.values_list("verb", flat=True)) == ["run.started", "run.done"]


def points_of(run):
    return list(Consensus.objects.filter(run=run).order_by("task").values_list("task", "points", "covariance"))
