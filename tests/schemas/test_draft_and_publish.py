"""Schemas: drafted, linted, published, and then never changed."""

import pytest
from django.db import InternalError, transaction
from django.db.utils import IntegrityError

from projects.schemas.models import Schema
from projects.schemas.presets import PRESETS

URL = "/api/v1/schemas"


@pytest.mark.parametrize("preset", PRESETS)
def test_every_preset_can_be_drafted_and_published(mara, as_, preset):
    drafted = as_(mara).post(URL, {"name": "faces", "preset": preset})
    assert drafted.status_code == 201
    assert drafted.json()["status"] == "draft"

    published = as_(mara).post(f"{URL}/{drafted.json()['id']}/publish", {})

    assert (published.status_code, published.json()["status"]) == (200, "published")
    assert published.json()["points"] == drafted.json()["points"]


def test_the_same_name_again_is_the_next_version(mara, as_):
    versions = [as_(mara).post(URL, {"name": "faces", "preset": "face5"}).json()["version"] for _ in range(3)]

    assert versions == [1, 2, 3]


def test_a_schema_of_ones_own_may_be_drafted_in_parts(mara, as_):
    made = as_(mara).post(URL, {"name": "mine", "points": [{"key": "tip", "name": "Tip"}]})

    assert made.status_code == 201
    refused = as_(mara).post(f"{URL}/{made.json()['id']}/publish", {})
    assert refused.status_code == 422
    assert {each["pointer"] for each in refused.json()["errors"]} >= {"/normaliser", "/reference"}


def test_a_contour_that_repeats_a_point_is_refused(mara, as_):
    points = [{"key": key, "name": key} for key in "abc"]
    contour = {"key": "line", "name": "Line", "points": ["a", "b", "a"], "closed": False}

    answer = as_(mara).post(URL, {"name": "mine", "points": points, "contours": [contour]})

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"].startswith("/contours/0")


def test_a_mirror_that_is_no_involution_is_refused(mara, as_):
    points = [{"key": key, "name": key} for key in "abc"]

    answer = as_(mara).post(URL, {"name": "mine", "points": points, "mirror": [["a", "b"], ["b", "c"]]})

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"].startswith("/mirror")


def test_an_unknown_preset_is_refused_with_the_known_ones(mara, as_):
    answer = as_(mara).post(URL, {"name": "mine", "preset": "face6"})

    assert answer.status_code == 422
    assert "face5" in answer.json()["detail"]


def test_a_draft_changes_and_a_published_version_does_not(mara, as_):
    schema = as_(mara).post(URL, {"name": "faces", "preset": "face5"}).json()
    points = schema["points"]
    points[0]["definition"] = "Where the light sits in the pupil."

    changed = as_(mara).patch(f"{URL}/{schema['id']}", {"points": points})
    assert changed.json()["points"][0]["definition"] == "Where the light sits in the pupil."

    as_(mara).post(f"{URL}/{schema['id']}/publish", {})
    assert as_(mara).patch(f"{URL}/{schema['id']}", {"points": points}).status_code == 409


def test_the_database_itself_keeps_a_published_version(make, mara):
    schema = make.schema(mara)

    with pytest.raises((IntegrityError, InternalError)), transaction.atomic():
        Schema.objects.filter(pk=schema.pk).update(points=[])


def test_whoever_works_by_a_schema_may_read_it_and_nobody_else(make, mara, ann, theo, as_):
    project = make.project(mara, people=[(ann, "annotator")])

    assert as_(ann).get(f"{URL}/{project.schema_id}").status_code == 200
    assert as_(theo).get(f"{URL}/{project.schema_id}").status_code == 404
    assert as_(ann).patch(f"{URL}/{project.schema_id}", {"points": []}).status_code == 403


def test_publishing_twice_is_publishing_once(mara, as_):
    schema = as_(mara).post(URL, {"name": "faces", "preset": "face5"}).json()

    first = as_(mara).post(f"{URL}/{schema['id']}/publish", {}).json()
    second = as_(mara).post(f"{URL}/{schema['id']}/publish", {}).json()

    assert first == second
