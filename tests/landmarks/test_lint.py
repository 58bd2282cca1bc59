"""The linter finds what is wrong, says where, and never falls over."""

import copy
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from projects.landmarks.lint import MOST_PROBLEMS, lint_draft, lint_published, ready_to_publish
from projects.landmarks.schema import BadSchema, LandmarkSchema


def codes(problems):
    return {(problem.pointer, problem.code) for problem in problems}


def changed(d, path, value):
    """The dict with one value replaced, or left out if the new value is `...`."""
    d = copy.deepcopy(d)
    *way, last = path
    there = d
    for step in way:
        there = there[step]
    if value is ...:
        del there[last]
    elif isinstance(there, list) and last == len(there):
        there.append(value)
    else:
        there[last] = value
    return d


def test_a_complete_schema_has_no_problems(eyes):
    assert lint_published(eyes) == []
    assert ready_to_publish(eyes)


def test_a_draft_needs_only_a_name_and_keys():
    draft = {"name": "draft", "points": [{"key": "a"}, {"key": "b"}]}

    assert lint_draft(draft) == []
    assert not ready_to_publish(draft)


@pytest.mark.parametrize(
    ("path", "value", "pointer", "code"),
    [
        (["name"], ..., "/name", "missing"),
        (["name"], " ", "/name", "empty"),
        (["name"], 7, "/name", "wrong_type"),
        (["name"], "x" * 101, "/name", "too_long"),
        (["name"], "nul\x00", "/name", "unprintable"),
        (["name"], "half \ud800", "/name", "unprintable"),
        (["points"], ..., "/points", "wrong_type"),
        (["points"], {}, "/points", "wrong_type"),
        (["points", 1], "nose", "/points/1", "wrong_type"),
        (["points", 1, "key"], ..., "/points/1/key", "missing"),
        (["points", 1, "key"], "left_eye", "/points/1/key", "duplicate_key"),
        (["points", 1, "key"], "a b", "/points/1/key", "bad_key"),
        (["points", 1, "key"], "=cmd", "/points/1/key", "bad_key"),
        (["points", 1, "key"], "nose\n", "/points/1/key", "bad_key"),
        (["points", 1, "key"], "x" * 65, "/points/1/key", "bad_key"),
        (["points", 1, "key"], ["a"], "/points/1/key", "bad_key"),
        (["points", 1, "name"], "", "/points/1/name", "empty"),
        (["points", 1, "definition"], 3, "/points/1/definition", "wrong_type"),
        (["points", 1, "region"], [], "/points/1/region", "wrong_type"),
        (["points", 1, "tolerance"], 0, "/points/1/tolerance", "bad_tolerance"),
        (["points", 1, "tolerance"], -0.1, "/points/1/tolerance", "bad_tolerance"),
        (["points", 1, "tolerance"], True, "/points/1/tolerance", "bad_tolerance"),
        (["points", 1, "tolerance"], float("nan"), "/points/1/tolerance", "bad_tolerance"),
        (["points", 1, "tolerance"], 10**400, "/points/1/tolerance", "bad_tolerance"),
        (["contours"], 5, "/contours", "wrong_type"),
        (["contours", 0, "key"], "", "/contours/0/key", "bad_key"),
        (["contours", 0, "closed"], "yes", "/contours/0/closed", "wrong_type"),
        (["contours", 0, "points"], "nose", "/contours/0/points", "wrong_type"),
        (["contours", 0, "points", 1], "ear", "/contours/0/points/1", "unknown_point"),
        (["contours", 0, "points", 1], "left_eye", "/contours/0/points/1", "repeated_point"),
        (["mirror"], {}, "/mirror", "wrong_type"),
        (["mirror", 0], ["nose"], "/mirror/0", "wrong_type"),
        (["mirror", 0], "ab", "/mirror/0", "wrong_type"),
        (["mirror", 1], ["nose", "nose"], "/mirror/1", "mirror_of_itself"),
        (["mirror", 1], ["nose", "ear"], "/mirror/1/1", "unknown_point"),
        (["mirror", 1], ["left_eye", "nose"], "/mirror/1/0", "mirror_not_involution"),
        (["mirror", 1], ["right_eye", "left_eye"], "/mirror/1/1", "mirror_not_involution"),
        (["normaliser"], [], "/normaliser", "wrong_type"),
        (["normaliser", "kind"], ["distance"], "/normaliser/kind", "unknown_kind"),
        (["normaliser", "a"], ["ear"], "/normaliser/a/0", "unknown_point"),
        (["normaliser", "a"], ["right_eye"], "/normaliser", "zero_length"),
        (["normaliser", "kind"], "box_diagonal", "/normaliser", "needless_points"),
        (["reference"], [], "/reference", "wrong_type"),
        (["reference", "ear"], [0, 0], "/reference/ear", "unknown_point"),
        (["reference", "a/b~\ud800"], [0, 0], "/reference/a~1b~0\\ud800", "unknown_point"),
        (["reference", "nose"], [0, float("inf")], "/reference/nose", "not_a_coordinate"),
        (["reference", "nose"], [0, 10**400], "/reference/nose", "not_a_coordinate"),
        (["reference", "nose"], [0, 1e200], "/reference/nose", "not_a_coordinate"),
        (["reference", "nose"], [0, 0, 0], "/reference/nose", "not_a_coordinate"),
        (["reference", "nose"], None, "/reference/nose", "not_a_coordinate"),
    ],
)
def test_what_is_wrong_is_refused_even_in_a_draft(eyes, path, value, pointer, code):
    wrong = changed(eyes, path, value)

    assert (pointer, code) in codes(lint_draft(wrong))
    assert (pointer, code) in codes(lint_published(wrong))
    with pytest.raises(BadSchema) as refusal:
        LandmarkSchema.from_dict(wrong)
    assert (pointer, code) in codes(refusal.value.problems)
    json.dumps([vars(problem) for problem in lint_draft(wrong)], ensure_ascii=False).encode()


@pytest.mark.parametrize(
    ("path", "value", "pointer", "code"),
    [
        (["points"], [], "/points", "too_few"),
        (["points", 1, "definition"], ..., "/points/1/definition", "missing"),
        (["points", 1, "definition"], "  ", "/points/1/definition", "missing"),
        (["points", 1, "tolerance"], ..., "/points/1/tolerance", "missing"),
        (["contours", 0, "points"], ["left_eye", "nose"], "/contours/0/points", "too_few"),
        (["contours", 0, "points"], ..., "/contours/0/points", "too_few"),
        (["normaliser"], ..., "/normaliser", "missing"),
        (["normaliser", "b"], [], "/normaliser/b", "missing"),
        (["reference"], ..., "/reference", "missing"),
        (["reference", "nose"], ..., "/reference", "incomplete"),
        (["reference"], {key: [1, 1] for key in ("left_eye", "right_eye", "nose")}, "/reference", "degenerate"),
        (["reference", "nose"], [0.5, 0], "/reference", "degenerate"),
        (["reference", "right_eye"], [0, 1e-4], "/normaliser", "zero_length"),
    ],
)
def test_what_is_missing_or_impossible_bars_only_publication(eyes, path, value, pointer, code):
    unfinished = changed(eyes, path, value)
    if path == ["points"]:
        unfinished = {"name": "empty", "points": []}

    assert lint_draft(unfinished) == []
    assert (pointer, code) in codes(lint_published(unfinished))


def test_an_open_contour_of_two_points_will_do(eyes):
    eyes["contours"] = [{"key": "eyes", "name": "Eyes", "points": ["left_eye", "right_eye"]}]

    assert lint_published(eyes) == []


def test_more_than_a_thousand_points_are_refused():
    crowd = {"name": "crowd", "points": [{"key": f"p{i}"} for i in range(1001)]}

    assert codes(lint_draft(crowd)) == {("/points", "too_many")}


def test_a_body_full_of_faults_gets_a_bounded_answer():
    hostile = {"name": 1, "points": [None] * 900, "mirror": [None] * 100_000, "reference": {"x": 1}}

    assert len(lint_draft(hostile)) == MOST_PROBLEMS
    assert len(lint_published(hostile)) == MOST_PROBLEMS


anything = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=5)
    | st.sampled_from(["a", "b", "distance"]),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.text(max_size=4) | st.sampled_from(["key", "points", "kind", "a", "b"]), inner, max_size=4)
    ),
    max_leaves=12,
)


def an_object(*keys):
    """Any of the keys, with anything for values."""
    return st.fixed_dictionaries({}, optional=dict.fromkeys(keys, anything))


schemas = st.fixed_dictionaries(
    {},
    optional={
        "name": anything,
        "points": anything | st.lists(an_object("key", "name", "definition", "region", "tolerance"), max_size=4),
        "contours": anything | st.lists(an_object("key", "name", "points", "closed"), max_size=3),
        "mirror": anything | st.lists(st.lists(anything, max_size=3), max_size=3),
        "normaliser": anything | an_object("kind", "a", "b"),
        "reference": anything | an_object("a", "b", "c"),
    },
)


@given(anything | schemas)
def test_no_json_makes_the_linter_fall_over(d):
    draft, published = lint_draft(d), lint_published(d)

    assert published or not draft
    if not draft:
        schema = LandmarkSchema.from_dict(d)
        assert LandmarkSchema.from_dict(schema.to_dict()) == schema


@given(data=st.data())
def test_one_wild_value_anywhere_in_a_good_schema_is_survived(data):
    good = {
        "name": "n",
        "points": [{"key": k, "name": k, "definition": "d", "region": "r", "tolerance": 0.1} for k in "abc"],
        "contours": [{"key": "c", "name": "c", "points": ["a", "b", "c"], "closed": True}],
        "mirror": [["a", "b"]],
        "normaliser": {"kind": "distance", "a": ["a"], "b": ["b"]},
        "reference": {"a": [0.0, 0.0], "b": [1.0, 0.0], "c": [0.5, 1.0]},
    }
    there = good
    while True:
        steps = list(there) if isinstance(there, dict) else list(range(len(there)))
        step = data.draw(st.sampled_from(steps))
        inner = there[step]
        if not isinstance(inner, (dict, list)) or not inner or data.draw(st.booleans()):
            there[step] = data.draw(anything | st.floats(-1e6, 1e6))
            break
        there = inner

    if not lint_draft(good):
        LandmarkSchema.from_dict(good)
    lint_published(good)
