"""Who was not asked for a point has no vote on how well it is seen."""

from tasks.annotation.votes import Vote, voted


def test_where_everybody_was_asked_for_everything_the_merger_is_left_alone():
    assert voted([1, 2, 0], [Vote(None, [2, 2, 0]), Vote(None, [2, 2, 0])]) == [1, 2, 0]


def test_two_who_see_a_point_outvote_two_who_were_not_asked():
    seen_by_two = [Vote(None, [2, 2]), Vote(None, [2, 2]), Vote([1], [0, 2]), Vote([1], [0, 1])]

    assert voted([1, 1], seen_by_two) == [2, 1]  # the second: two of four, as the merger counted


def test_half_of_those_who_were_asked_are_too_few():
    assert voted([2, 2], [Vote(None, [2, 2]), Vote(None, [1, 2]), Vote([1], [0, 2])]) == [1, 2]


def test_what_nobody_placed_stays_unseen():
    assert voted([0, 2], [Vote(None, [0, 2]), Vote(None, [0, 2]), Vote([1], [0, 2])]) == [0, 2]
