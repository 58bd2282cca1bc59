"""Pulling a review: the greatest doubt first, never one's own work, never two people at once."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from projects.errors import NotAllowed
from projects.teams import grants
from tasks import workflow
from tasks.assignment.lease import LeaseLost, ProjectNotActive, TooManyLeases
from tasks.assignment.withdraw import withdraw
from tasks.review import lease
from tasks.review.decide import decide
from tasks.review.models import Review
from tests.answers import an_annotation
from tests.people import person


def lapse(review):
    Review.objects.filter(pk=review.pk).update(leased_until=timezone.now() - timedelta(seconds=1))


def test_the_most_doubtful_comes_first(checked, merged, rita, pulled):
    merged(checked, apart=1.0)
    doubtful = merged(checked, apart=8.0)
    merged(checked, apart=2.0)

    review = pulled(checked, rita)

    assert review.task == doubtful
    assert (review.reviewer, review.status, review.lease_token) == (rita, "leased", 1)
    assert timezone.now() < review.leased_until <= timezone.now() + timedelta(seconds=checked.rules.lease_seconds)


def test_nothing_to_review_is_none(checked, rita):
    assert lease.take(checked, reviewer=rita) is None


def test_nobody_reviews_what_she_answered_in_any_round(checked, make, merged, ann, mara, rita, pulled):
    grants.give(checked, role="reviewer", to=ann, by=mara)
    task = merged(checked)
    decide(pulled(checked, rita).pk, reviewer=rita, verdict="redo")
    task.refresh_from_db()
    for somebody in (person("cyd"), person("dan")):
        an_annotation(task, somebody)
    workflow.after_submission(task.pk)

    assert lease.take(checked, reviewer=ann) is None
    assert lease.take(checked, reviewer=rita).task == task  # what she sent back is new work


def test_nobody_reviews_two_layers_of_one_task(twice_checked, merged, rita, rob, pulled):
    task = merged(twice_checked)
    decide(pulled(twice_checked, rita).pk, reviewer=rita, verdict="accept")

    assert lease.take(twice_checked, reviewer=rita) is None
    assert lease.take(twice_checked, reviewer=rob).task == task


def test_a_task_that_was_withdrawn_is_not_handed_out(checked, merged, mara, rita):
    withdraw(merged(checked), by=mara, reason="not a face")

    assert lease.take(checked, reviewer=rita) is None


def test_who_may_not_review_is_refused(checked, merged, ann, clea, mara):
    merged(checked)

    for somebody in (ann, clea, mara):
        with pytest.raises(NotAllowed):
            lease.take(checked, reviewer=somebody)


def test_a_paused_project_hands_out_nothing(make, mara, rita):
    project = make.project(mara, people=[(rita, "reviewer")], status="paused")

    with pytest.raises(ProjectNotActive):
        lease.take(project, reviewer=rita)


def test_nobody_holds_more_reviews_than_the_policy_allows(make, mara, ann, ben, rita, merged):
    project = make.project(mara, people=[(rita, "reviewer")], review_layers=1, max_open_leases=1)
    merged(project), merged(project)
    lease.take(project, reviewer=rita)

    with pytest.raises(TooManyLeases):
        lease.take(project, reviewer=rita)


def test_a_lapsed_lease_comes_back_with_the_next_pull(checked, merged, rita, rob, pulled):
    task = merged(checked)
    lapse(pulled(checked, rita))

    review = pulled(checked, rob)

    assert (review.task, review.reviewer, review.lease_token) == (task, rob, 2)


def test_a_lapsed_lease_comes_back_by_the_sweep_and_others_stay(checked, merged, rita, pulled):
    merged(checked), merged(checked)
    first, second = pulled(checked, rita), pulled(checked, rita)
    lapse(first)

    assert lease.free_lapsed() == 1
    assert lease.free_lapsed() == 0
    assert Review.objects.get(pk=first.pk).status == "open"
    assert Review.objects.get(pk=second.pk).status == "leased"


def test_a_released_review_is_open_again_and_releasing_twice_is_releasing_once(checked, merged, rita, rob, pulled):
    merged(checked)
    review = pulled(checked, rita)

    lease.release(review.pk, reviewer=rita, lease_token=review.lease_token)
    lease.release(review.pk, reviewer=rita, lease_token=review.lease_token)

    assert pulled(checked, rob).pk == review.pk


def test_only_the_holder_releases(checked, merged, rita, rob, pulled):
    merged(checked)
    review = pulled(checked, rita)

    with pytest.raises(LeaseLost):
        lease.release(review.pk, reviewer=rob)


@pytest.mark.django_db(transaction=True)
def test_eight_pulls_at_once_give_each_review_to_one_person(checked, merged, rita, rob):
    for _ in range(6):
        merged(checked)
    together = threading.Barrier(8)

    def pull(reviewer):
        together.wait()
        review = lease.take(checked, reviewer=reviewer)
        connection.close()
        return review and review.pk

    with ThreadPoolExecutor(8) as tabs:
        found = [pk for pk in tabs.map(pull, [rita, rob] * 4) if pk]

    assert len(found) == len(set(found)) == 6
