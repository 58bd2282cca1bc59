"""Adopting a consensus run, or not."""

import pytest

from projects.audit.models import Event
from projects.labels.models import Label
from tasks import lifecycle
from tasks.consensus.merge import merge
from tasks.consensus.models import Consensus
from tasks.review import layers
from tasks.review.models import Review
from tasks.task import Status, Task
from tests.answers import an_annotation


@pytest.fixture
def tell(as_, mara, django_capture_on_commit_callbacks):
    """Mara asks; the workers do it at once."""

    def tell(address, body):
        with django_capture_on_commit_callbacks(execute=True):
            answer = as_(mara).post(f"/api/v1/{address}", body)
        assert answer.status_code == 202, answer.content
        return as_(mara).get(f"/api/v1/consensus-runs/{answer.json()['id']}").json()

    return tell


@pytest.fixture
def merged(make, faces, ann, ben):
    """A task with two answers, merged to something that a run will not find again."""
    task = make.task(faces)
    an_annotation(task, ann)
    an_annotation(task, ben, shift=2.0)
    wrong = merge(task.pk)
    wrong.points = [[x + 20.0, y] for x, y in wrong.points]
    wrong.save()
    return task


def accepted(task, *, corrected=False):
    Task.objects.filter(pk=task.pk).update(status=Status.MERGING)
    layers.go_on(Task.objects.select_related("project__schema", "asset").get(pk=task.pk))
    label = Label.objects.get(asset=task.asset)
    if corrected:
        Label.objects.filter(pk=label.pk).update(corrected=True)
    return label


def current(task):
    return Consensus.objects.get(task=task, is_current=True)


def test_an_adopted_run_is_current_and_stays_so_until_somebody_answers(tell, faces, merged, cy):
    run = tell(f"projects/{faces.pk}/consensus-runs", {"method": "reliability"})

    adopted = tell(f"consensus-runs/{run['id']}/adopt", {})

    assert (adopted["status"], adopted["outcomes"]) == ("adopted", {"adopted": 1})
    assert str(current(merged).run_id) == run["id"]
    assert merge(merged.pk).pk == current(merged).pk
    an_annotation(merged_with_room(merged), cy)
    assert merge(merged.pk).run_id is None


def test_adopted_twice_is_adopted_once(tell, faces, merged):
    run = tell(f"projects/{faces.pk}/consensus-runs", {"method": "median"})

    first, again = (tell(f"consensus-runs/{run['id']}/adopt", {}) for _ in range(2))

    assert first == again
    assert Event.objects.filter(verb="run.adopted").count() == 1


def test_a_label_stays_unless_labels_are_asked_for(tell, faces, merged):
    label = accepted(merged)
    run = tell(f"projects/{faces.pk}/consensus-runs", {"method": "median"})

    without = tell(f"consensus-runs/{run['id']}/adopt", {"labels": False})
    kept = list(Label.objects.filter(asset=merged.asset))
    with_labels = tell(f"consensus-runs/{run['id']}/adopt", {"labels": True})

    former, latest = Label.objects.filter(asset=merged.asset).order_by("version")
    assert (without["outcomes"], kept) == ({"accepted": 1}, [label])
    assert with_labels["outcomes"] == {"relabelled": 1}
    assert (former.points, former.is_current) == (label.points, False)
    assert (latest.points, latest.version) == (current(merged).points, 2)


def test_a_label_that_a_reviewer_corrected_stays(tell, faces, merged):
    accepted(merged, corrected=True)
    run = tell(f"projects/{faces.pk}/consensus-runs", {"method": "median"})

    adopted = tell(f"consensus-runs/{run['id']}/adopt", {"labels": True})

    assert adopted["outcomes"] == {"corrected": 1}
    assert Label.objects.filter(asset=merged.asset).count() == 1


def test_a_task_that_was_answered_since_is_left_as_it_is_and_named(tell, as_, mara, faces, merged, cy):
    run = tell(f"projects/{faces.pk}/consensus-runs", {"method": "median"})
    an_annotation(merged_with_room(merged), cy)
    before = current(merged).pk

    adopted = tell(f"consensus-runs/{run['id']}/adopt", {})

    [skipped] = as_(mara).get(f"/api/v1/consensus-runs/{run['id']}/changes?outcome=outdated").json()["items"]
    assert adopted["outcomes"] == {"outdated": 1}
    assert (current(merged).pk, skipped["task"]) == (before, str(merged.pk))


@pytest.mark.parametrize(("held", "outcome"), [(False, "adopted"), (True, "reviewed")])
def test_a_reviewer_sees_what_was_adopted_unless_she_has_seen_the_former(
    tell, make, faces, merged, rita, held, outcome
):
    Task.objects.filter(pk=merged.pk).update(status=Status.IN_REVIEW)
    review = Review.objects.create(project=faces, task=merged, consensus=current(merged))
    if held:
        Review.objects.filter(pk=review.pk).update(
            status="leased", reviewer=rita, lease_token=1, leased_until="2999-01-01T00:00Z"
        )
    run = tell(f"projects/{faces.pk}/consensus-runs", {"method": "median"})

    adopted = tell(f"consensus-runs/{run['id']}/adopt", {})

    review.refresh_from_db()
    assert adopted["outcomes"] == {outcome: 1}
    assert review.consensus_id == current(merged).pk


def test_a_withdrawn_task_is_left_alone(tell, faces, merged):
    run = tell(f"projects/{faces.pk}/consensus-runs", {"method": "median"})
    lifecycle.move(Task.objects.get(pk=merged.pk), Status.WITHDRAWN)

    adopted = tell(f"consensus-runs/{run['id']}/adopt", {"labels": True})

    assert adopted["outcomes"] == {"outdated": 1}


def test_only_a_run_that_is_done_is_adopted(as_, mara, faces, merged):
    run = as_(mara).post(f"/api/v1/projects/{faces.pk}/consensus-runs", {"method": "median"}).json()

    refused = as_(mara).post(f"/api/v1/consensus-runs/{run['id']}/adopt", {})

    assert (refused.status_code, refused.json()["code"]) == (409, "wrong_state")


def merged_with_room(task):
    """The task as it is now, wanting one answer more."""
    Task.objects.filter(pk=task.pk).update(wanted=3)
    return Task.objects.get(pk=task.pk)
