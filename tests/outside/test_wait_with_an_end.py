"""Waiting ends: when it is done, or when nothing moves any more."""

import pytest

from orchestrator.outside.waiting import Motion, Stuck, until


def test_what_changes_is_waited_for():
    seen = iter(range(10))

    assert until(lambda: next(seen), done=lambda value: value == 3, waiting_for="three", still_seconds=5) == 3


def test_what_stands_still_is_given_up_with_a_sentence():
    with pytest.raises(Stuck, match=r"while waiting for 2 tasks \(seen last: 1\)"):
        until(lambda: 1, done=lambda value: value == 2, waiting_for="2 tasks", still_seconds=0.1)


def test_a_sign_of_life_is_a_reason_to_go_on():
    motion = Motion(still_seconds=0.1)
    motion.pause("the first")  # longer than it may stand still
    with pytest.raises(Stuck):
        motion.pause("nothing")

    motion.happened()

    motion.pause("more")
