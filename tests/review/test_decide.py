"""A reviewer's verdict and where it takes the task."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from projects.audit.models import Event
from projects.errors import Invalid, Missing, NotAllowed, WrongState
from projects.labels.models import Label
from tasks import lifecycle, workflow
from tasks.annotation.models import Annotation
from tasks.assignment.lease import LeaseLost, take
from tasks.assignment.models import Assignment
from tasks.assignment.withdraw import reopen, withdraw
from tasks.consensus.models import Consensus
from tasks.review import lease
from tasks.review.decide import AlreadyDecided, NothingToAccept, decide
from tasks.review.models import Review
from tasks.task import Status
from tests.answers import an_annotation
from tests.make import SQUARE
from tests.review.test_take_reviews import lapse

MIDDLE = [[x + 1.0, y] for x, y in SQUARE]  # of two answers that lie 2 px apart
MOVED = [[10.0, 10.0], *MIDDLE[1:]]


def test_accepting_at_the_last_layer_makes_the_label(checked, merged, rita, pulled):
    task = merged(checked)

    after = decide(pulled(checked, rita).pk, reviewer=rita, verdict="accept", note="fine")

    label = Label.objects.get(asset=task.asset)
    assert after.status == Status.ACCEPTED
    assert label.points == MIDDLE
    assert (label.checked_layers, label.corrected, label.answers) == (1, False, 2)
    assert Event.objects.get(verb="review.decided").actor == rita


def test_accepting_at_the_first_of_two_layers_opens_the_second(twice_checked, merged, rita, rob, pulled):
    task = merged(twice_checked)

    after = decide(pulled(twice_checked, rita).pk, reviewer=rita, verdict="accept")
    second = pulled(twice_checked, rob)
    last = decide(second.pk, reviewer=rob, verdict="accept")

    assert (after.status, second.layer, last.status) == (Status.IN_REVIEW, 2, Status.ACCEPTED)
    assert Label.objects.get(asset=task.asset).checked_layers == 2


def test_a_correction_becomes_the_label_and_a_moved_point_loses_its_covariance(checked, merged, rita, pulled):
    task = merged(checked)
    visibility = [1, 2, 2, 2, 2]

    decide(pulled(checked, rita).pk, reviewer=rita, verdict="correct", points=MOVED, visibility=visibility)

    label = Label.objects.get(asset=task.asset)
    assert (label.points, label.visibility, label.corrected) == (MOVED, visibility, True)
    assert label.covariance == [None, *Consensus.objects.get(task=task).covariance[1:]]


def test_the_second_layer_sees_the_correction_and_accepts_it(twice_checked, merged, rita, rob, pulled):
    task = merged(twice_checked)
    decide(pulled(twice_checked, rita).pk, reviewer=rita, verdict="correct", points=MOVED, visibility=[2] * 5)

    decide(pulled(twice_checked, rob).pk, reviewer=rob, verdict="accept")

    label = Label.objects.get(asset=task.asset)
    assert (label.points, label.corrected, label.checked_layers) == (MOVED, True, 2)


@pytest.mark.parametrize(
    "bad",
    [
        {"points": None, "visibility": None},
        {"points": MOVED, "visibility": None},
        {"points": MOVED[:4], "visibility": [2] * 4},
        {"points": [[1e9, 0.0], *MOVED[1:]], "visibility": [2] * 5},
        {"points": "left eye", "visibility": [2] * 5},
    ],
)
def test_a_correction_without_good_points_is_refused(checked, merged, rita, pulled, bad):
    merged(checked)
    review = pulled(checked, rita)

    with pytest.raises(Invalid):
        decide(review.pk, reviewer=rita, verdict="correct", **bad)

    assert Review.objects.get().status == "leased"


@pytest.mark.parametrize("verdict", ["accept", "redo"])
def test_points_without_a_correction_are_refused(checked, merged, rita, pulled, verdict):
    merged(checked)
    review = pulled(checked, rita)

    with pytest.raises(Invalid):
        decide(review.pk, reviewer=rita, verdict=verdict, points=MOVED)


def test_an_unknown_verdict_is_refused(checked, merged, rita, pulled):
    merged(checked)
    review = pulled(checked, rita)

    with pytest.raises(Invalid):
        decide(review.pk, reviewer=rita, verdict="maybe")


def test_a_redo_opens_the_task_for_another_round_and_keeps_the_old_answers(checked, merged, ann, ben, rita, pulled):
    task = merged(checked)

    after = decide(pulled(checked, rita).pk, reviewer=rita, verdict="redo", note="the left eye is the right one")

    fresh = Assignment.objects.filter(task=task, round=2)
    assert (after.status, after.round, after.answers, after.wanted) == (Status.OPEN, 2, 0, 2)
    assert sorted(fresh.values_list("number", "status")) == [(1, "open"), (2, "open")]
    assert Annotation.objects.filter(task=task, round=1).count() == 2
    assert not Consensus.objects.filter(is_current=True).exists()
    assert not Label.objects.exists()


def test_the_round_after_a_redo_is_merged_by_itself_and_reviewed_again(checked, merged, ann, ben, rita, pulled):
    task = merged(checked)
    decide(pulled(checked, rita).pk, reviewer=rita, verdict="redo")
    task.refresh_from_db()
    for somebody in (ann, ben):
        an_annotation(task, somebody, shift=5.0)

    workflow.after_submission(task.pk)
    after = decide(pulled(checked, rita).pk, reviewer=rita, verdict="accept")

    label = Label.objects.get(asset=task.asset)
    assert after.status == Status.ACCEPTED
    assert (label.points[0], label.answers, label.checked_layers) == ([35.0, 30.0], 2, 1)


def test_a_redo_of_a_parked_task_takes_back_what_is_still_out(checked, make, ann, rita, pulled):
    task = make.task(checked)
    take(checked, annotator=ann)
    lifecycle.move(task, Status.ADJUDICATION)
    workflow.after_skip(task.pk)

    decide(pulled(checked, rita).pk, reviewer=rita, verdict="redo")

    assert set(Assignment.objects.filter(task=task, round=1).values_list("status", flat=True)) == {"withdrawn"}
    assert Assignment.objects.filter(task=task, round=2, status="open").count() == 2


def test_the_same_verdict_again_gives_the_same_answer(checked, merged, rita, pulled):
    merged(checked)
    review = pulled(checked, rita)

    answers = [
        decide(review.pk, reviewer=rita, verdict="correct", points=MOVED, visibility=[2] * 5).status for _ in range(3)
    ]

    assert answers == [Status.ACCEPTED] * 3
    assert Label.objects.count() == 1
    assert Event.objects.filter(verb="review.decided").count() == 1


def test_another_verdict_afterwards_is_refused_and_so_is_another_person(checked, merged, rita, rob, pulled):
    merged(checked)
    review = pulled(checked, rita)
    decide(review.pk, reviewer=rita, verdict="correct", points=MOVED, visibility=[2] * 5)

    for other in (
        {"reviewer": rita, "verdict": "redo"},
        {"reviewer": rita, "verdict": "correct", "points": MIDDLE, "visibility": [2] * 5},
        {"reviewer": rob, "verdict": "correct", "points": MOVED, "visibility": [2] * 5},
    ):
        with pytest.raises(AlreadyDecided):
            decide(review.pk, **other)


def test_accepting_where_nobody_placed_a_point_is_refused_and_placing_them_is_not(checked, parked, rita, pulled):
    task = parked(checked)
    review = pulled(checked, rita)

    with pytest.raises(NothingToAccept):
        decide(review.pk, reviewer=rita, verdict="accept")
    after = decide(review.pk, reviewer=rita, verdict="correct", points=SQUARE, visibility=[2] * 5)

    label = Label.objects.get(asset=task.asset)
    assert after.status == Status.ACCEPTED
    assert (label.points, label.covariance, label.answers) == (SQUARE, None, 0)
    assert (label.method, label.agreement, label.checked_layers) == ("review", None, 1)


def test_a_lapsed_lease_that_nobody_else_took_still_counts(checked, merged, rita, pulled):
    merged(checked)
    review = pulled(checked, rita)
    lapse(review)
    lease.free_lapsed()

    after = decide(review.pk, reviewer=rita, verdict="accept", lease_token=review.lease_token)

    assert after.status == Status.ACCEPTED


def test_a_lapsed_lease_that_somebody_else_took_is_lost(checked, merged, rita, rob, pulled):
    merged(checked)
    review = pulled(checked, rita)
    lapse(review)
    pulled(checked, rob)

    with pytest.raises(LeaseLost):
        decide(review.pk, reviewer=rita, verdict="accept")


def test_an_old_token_is_fenced_off_although_the_same_person_holds_the_review_again(checked, merged, rita, pulled):
    merged(checked)
    old = pulled(checked, rita)
    lapse(old)
    pulled(checked, rita)

    with pytest.raises(LeaseLost):
        decide(old.pk, reviewer=rita, verdict="accept", lease_token=old.lease_token)


def test_nobody_decides_what_she_never_pulled(checked, merged, rita):
    merged(checked)

    with pytest.raises(LeaseLost):
        decide(Review.objects.get().pk, reviewer=rita, verdict="accept")


def test_who_may_not_review_may_not_decide(checked, merged, mara, ann, rita, pulled):
    merged(checked)
    review = pulled(checked, rita)

    for somebody in (mara, ann):
        with pytest.raises(NotAllowed):
            decide(review.pk, reviewer=somebody, verdict="accept")


def test_there_is_no_deciding_what_is_not_there(checked, rita):
    with pytest.raises(Missing):
        decide(checked.pk, reviewer=rita, verdict="accept")


def test_a_task_that_was_withdrawn_meanwhile_is_not_decided(checked, merged, mara, rita, pulled):
    task = merged(checked)
    review = pulled(checked, rita)
    withdraw(task, by=mara, reason="no consent")

    with pytest.raises(WrongState):
        decide(review.pk, reviewer=rita, verdict="accept")

    reopen(task, by=mara)  # its answers count: it is merged and reviewed anew
    workflow.after_submission(task.pk)
    assert list(Review.objects.order_by("pk").values_list("status", flat=True)) == ["withdrawn", "open"]
    assert decide(pulled(checked, rita).pk, reviewer=rita, verdict="accept").status == Status.ACCEPTED


@pytest.mark.django_db(transaction=True)
def test_the_same_verdict_from_four_tabs_at_once_decides_once(checked, merged, rita, pulled):
    merged(checked)
    review, together = pulled(checked, rita), threading.Barrier(4)

    def send(_):
        together.wait()
        status = decide(review.pk, reviewer=rita, verdict="redo").status
        connection.close()
        return status

    with ThreadPoolExecutor(4) as tabs:
        found = list(tabs.map(send, range(4)))

    assert found == [Status.OPEN] * 4
    assert Event.objects.filter(verb="task.reopened").count() == 1
    assert Assignment.objects.filter(round=2).count() == 2
