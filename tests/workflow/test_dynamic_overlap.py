"""Dynamic overlap: landmarks in doubt are asked again, one person at a time, and at the most go to an expert."""

import math

import pytest

from projects.audit.models import Event
from projects.labels.models import Label
from tasks import workflow
from tasks.assignment.lease import take
from tasks.assignment.models import Assignment
from tasks.assignment.skip import skip
from tasks.assignment.withdraw import reopen, withdraw
from tasks.consensus.models import Consensus
from tasks.review.models import Review
from tasks.task import Status, Task
from tests.answers import an_annotation
from tests.make import SQUARE
from tests.people import person

NOSE = 2
TARGET = 0.015  # above what two equal answers leave open, below what they do whose noses lie 8 px apart


def off(dx):
    """An answer whose nose lies that many px to the right."""
    return {"points": [*SQUARE[:NOSE], [SQUARE[NOSE][0] + dx, SQUARE[NOSE][1]], *SQUARE[NOSE + 1 :]]}


def nose(dx=0.0):
    """An answer of the nose alone."""
    points = [point if place == NOSE else None for place, point in enumerate(off(dx)["points"])]
    return {"points": points, "visibility": [2 if point else 0 for point in points]}


@pytest.fixture
def project(make, mara, ann, ben, cy, rita):
    people = [(ann, "annotator"), (ben, "annotator"), (cy, "annotator"), (rita, "reviewer")]
    return make.project(mara, people=people, dynamic=True, target_error=TARGET, max_overlap=4)


@pytest.fixture
def doubted(make, project, ann, ben):
    """A task whose two answers agree but on the nose."""
    task = make.task(project)
    an_annotation(task, ann)
    an_annotation(task, ben, **off(8.0))
    workflow.after_submission(task.pk)
    task.refresh_from_db()
    return task


def asked(task):
    return list(
        Assignment.objects.filter(task=task, round=task.round).order_by("number").values_list("status", "landmarks")
    )


def answer_again(task, by, dx=0.0):
    an_annotation(task, by, **nose(dx))
    workflow.after_submission(task.pk)
    task.refresh_from_db()


def test_where_a_landmark_is_in_doubt_one_more_is_asked_for_it_alone(doubted):
    assert (doubted.status, doubted.answers, doubted.wanted) == (Status.OPEN, 2, 3)
    assert asked(doubted) == [("submitted", None), ("submitted", None), ("open", [NOSE])]
    assert Event.objects.filter(verb="task.moved", facts__to="open").get().facts["landmarks"] == [NOSE]
    assert not Label.objects.exists()


def test_where_nothing_is_in_doubt_nobody_is_asked_again(make, project, ann, ben):
    task = make.task(project)
    an_annotation(task, ann), an_annotation(task, ben)

    workflow.after_submission(task.pk)

    task.refresh_from_db()
    assert (task.status, task.wanted) == (Status.ACCEPTED, 2)


def test_fixed_overlap_asks_nobody_again_whatever_the_doubt(make, mara, ann, ben):
    task = make.task(make.project(mara, target_error=0.001))
    an_annotation(task, ann), an_annotation(task, ben, **off(8.0))

    workflow.after_submission(task.pk)

    task.refresh_from_db()
    assert (task.status, task.wanted) == (Status.ACCEPTED, 2)


@pytest.mark.parametrize("merger", ["median", "reliability"])
def test_the_answer_to_what_was_asked_again_settles_it(make, mara, ann, ben, cy, merger):
    task = make.task(make.project(mara, dynamic=True, target_error=TARGET, merger=merger))
    an_annotation(task, ann), an_annotation(task, ben, **off(8.0))
    workflow.after_submission(task.pk)
    task.refresh_from_db()

    answer_again(task, cy)

    label = Label.objects.get(asset=task.asset)
    assert (task.status, task.answers, task.wanted, label.answers) == (Status.ACCEPTED, 3, 3, 3)
    assert max(math.dist(*pair) for pair in zip(label.points, SQUARE, strict=True)) < 1.0
    assert label.visibility == [2] * 5


def test_at_the_most_the_landmarks_still_in_doubt_go_to_an_expert(doubted, cy):
    doubted.project.policy["max_overlap"] = 3
    doubted.project.save(update_fields=["policy"])

    answer_again(doubted, cy, dx=-8.0)

    review, consensus = Review.objects.get(task=doubted), Consensus.objects.get(task=doubted, is_current=True)
    assert (doubted.status, doubted.answers, doubted.wanted) == (Status.ADJUDICATION, 3, 3)
    assert (review.status, review.landmarks, review.consensus) == ("open", [NOSE], consensus)
    assert len(asked(doubted)) == 3


def test_who_was_not_asked_for_a_point_has_no_vote_on_how_well_it_is_seen(doubted, cy):
    answer_again(doubted, cy, dx=-8.0)
    answer_again(doubted, person("dan"))

    label = Label.objects.get(asset=doubted.asset)
    assert (label.answers, label.visibility) == (4, [2] * 5)  # two of the two who were asked, not two of four


def test_told_again_nothing_more_is_asked(doubted):
    for step in (workflow.after_submission, workflow.after_answers, workflow.after_merge, workflow.after_skip):
        step(doubted.pk)
        step(doubted.pk)
    workflow.sweep_stranded()

    doubted.refresh_from_db()
    assert (doubted.wanted, len(asked(doubted)), Consensus.objects.count()) == (3, 3, 1)


def test_nobody_is_asked_again_for_what_she_answered(project, doubted, ann, ben, cy):
    assert take(project, annotator=ann) is None
    assert take(project, annotator=ben) is None
    assert take(project, annotator=cy).landmarks == [NOSE]


def test_who_takes_the_place_of_one_who_skipped_is_asked_the_same(project, doubted, cy):
    held = take(project, annotator=cy)

    skip(held.pk, annotator=cy, lease_token=held.lease_token, reason="blurred")

    assert asked(doubted)[2:] == [("skipped", [NOSE]), ("open", [NOSE])]


def test_a_task_put_back_asks_what_it_asked(doubted, mara):
    withdraw(doubted, by=mara, reason="a pause")
    reopen(Task.objects.get(pk=doubted.pk), by=mara)

    assert asked(doubted)[2:] == [("withdrawn", [NOSE]), ("open", [NOSE])]


def test_turned_off_in_the_middle_the_answers_that_are_in_stand(project, doubted, cy):
    project.policy["dynamic"] = False
    project.save(update_fields=["policy"])

    answer_again(doubted, cy, dx=-20.0)

    assert doubted.status == Status.ACCEPTED
