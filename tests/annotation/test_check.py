"""What an answer must be: each rule, each pointer, all mistakes at once. No database."""

import math
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from projects.errors import Invalid
from tasks.annotation.check import check, check_answer, check_draft

SCHEMA = SimpleNamespace(points=["left eye", "right eye", "nose"])
PICTURE = SimpleNamespace(width=100, height=50)
UNKNOWN = SimpleNamespace(width=None, height=None)
GOOD = {"points": [[1.5, 2], [0, 0], None], "visibility": [2, 1, 0]}


def pointers(asset=PICTURE, **other):
    body = GOOD | {"attributes": {}, "seconds": 1.0} | other
    try:
        check_answer(**body, schema=SCHEMA, asset=asset)
    except Invalid as refused:
        return [each["pointer"] for each in refused.errors]
    return []


def test_a_good_answer_comes_back_as_floats():
    assert check(**GOOD, schema=SCHEMA, asset=PICTURE) == ([[1.5, 2.0], [0.0, 0.0], None], [2, 1, 0])


@pytest.mark.parametrize(
    "point",
    [
        [1],
        [1, 2, 3],
        [],
        1,
        "1,2",
        {"x": 1},
        [None, 1],
        [True, 1],
        ["1", 1],
        [math.nan, 1],
        [1, math.inf],
        [10**400, 1],
    ],
)
def test_a_point_is_null_or_a_pair_of_finite_numbers(point):
    assert pointers(points=[point, [1, 1], None]) == ["/points/0"]


@pytest.mark.parametrize("points", [None, "x", {}, 3, [], [[1, 1]], [[1, 1]] * 4])
def test_there_is_a_row_for_each_point_of_the_schema(points):
    assert pointers(points=points) == ["/points"]


@pytest.mark.parametrize("visibility", [None, "210", 3, [2, 1], [2, 1, 0, 0]])
def test_there_is_a_visibility_for_each_point(visibility):
    assert pointers(visibility=visibility) == ["/visibility"]


@pytest.mark.parametrize("seen", [3, -1, True, "2", 2.0, None, 10**30])
def test_visibility_is_0_1_or_2(seen):
    assert pointers(visibility=[seen, 1, 0]) == ["/visibility/0"]


def test_null_and_visibility_0_go_together():
    assert pointers(visibility=[0, 1, 2]) == ["/visibility/0", "/visibility/2"]


def test_an_answer_places_something():
    assert pointers(points=[None] * 3, visibility=[0] * 3) == ["/points"]


@pytest.mark.parametrize("point", [[-0.5, -0.5], [99.5, 49.5], [0, 0]])
def test_the_edge_of_the_picture_is_inside(point):
    assert pointers(points=[point, [1, 1], None]) == []


@pytest.mark.parametrize("point", [[-0.51, 0], [99.51, 0], [0, -0.51], [0, 49.51], [1e300, 0]])
def test_a_point_outside_is_refused_with_what_to_do(point):
    with pytest.raises(Invalid) as refused:
        check([point, [1, 1], None], [2, 2, 0], schema=SCHEMA, asset=PICTURE)

    assert [each["pointer"] for each in refused.value.errors] == ["/points/0"]
    assert "Send null, visibility 0 and a reason" in refused.value.errors[0]["detail"]


def test_without_a_known_size_nothing_is_outside():
    assert pointers(asset=UNKNOWN, points=[[-5000, 1e6], [1, 1], None]) == []


@pytest.mark.parametrize("seconds", [-0.001, 86_400.1, math.nan, math.inf, "1", None, True, 10**400])
def test_seconds_are_a_number_of_a_day_at_most(seconds):
    assert pointers(seconds=seconds) == ["/seconds"]


@pytest.mark.parametrize("seconds", [0, 86_400, 0.25])
def test_good_seconds(seconds):
    assert pointers(seconds=seconds) == []


def nested(depth):
    return {"a": nested(depth - 1)} if depth else {}


@pytest.mark.parametrize(
    "attributes",
    [
        None,
        [],
        "x",
        {"a": "x" * 17_000},
        {"a": "é" * 9_000},
        nested(9),
        {"a": "\x00"},
        {"\x00": 1},
        {"a": ["\ud800"]},
        {"a": math.inf},
        {"a": [math.nan]},
        {"a": object()},
    ],
)
def test_attributes_that_cannot_be_kept(attributes):
    assert pointers(attributes=attributes) == ["/attributes"]


@pytest.mark.parametrize("attributes", [{}, {"a": ["é", 1, 2.5, None, True]}, nested(6), {"note": "x" * 16_000}])
def test_attributes_that_can(attributes):
    assert pointers(attributes=attributes) == []


def test_all_mistakes_are_named_at_once():
    found = pointers(points=[[1], [1, 1], None], visibility=[2, 7, 0], attributes=3, seconds=-1)

    assert found == ["/points/0", "/visibility/1", "/attributes", "/seconds"]


def test_a_draft_may_be_unfinished_but_not_misshapen():
    assert check_draft([None, [-900, 3], None], [2, 0, 0], schema=SCHEMA) == ([None, [-900.0, 3.0], None], [2, 0, 0])
    with pytest.raises(Invalid):
        check_draft([None, [math.nan, 3], None], [2, 0, 0], schema=SCHEMA)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=12,
)


@given(points=JSON, visibility=JSON, attributes=JSON, seconds=JSON)
def test_nothing_that_json_can_say_breaks_it(points, visibility, attributes, seconds):
    assert isinstance(pointers(points=points, visibility=visibility, attributes=attributes, seconds=seconds), list)


@given(
    st.lists(
        st.tuples(st.floats(-0.5, 99.5), st.floats(-0.5, 49.5), st.sampled_from([1, 2])) | st.none(),
        min_size=3,
        max_size=3,
    ).filter(any)
)
def test_every_answer_inside_the_picture_comes_back_bit_for_bit(rows):
    points = [row and [row[0], row[1]] for row in rows]
    visibility = [row[2] if row else 0 for row in rows]

    assert check(points, visibility, schema=SCHEMA, asset=PICTURE) == (points, visibility)
