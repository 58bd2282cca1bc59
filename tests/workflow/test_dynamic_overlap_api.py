"""Dynamic overlap the whole way through the API, with the jobs that follow."""

import json

import pytest

from orchestrator.celery import app
from tests.make import SQUARE
from tests.workflow.test_dynamic_overlap import NOSE, TARGET, nose, off

API = "/api/v1"

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _jobs_loaded():
    app.loader.import_default_modules()


@pytest.fixture
def project(make, mara, ann, ben, cy, rita, rob):
    people = [(ann, "annotator"), (ben, "annotator"), (cy, "annotator"), (rita, "reviewer"), (rob, "reviewer")]
    project = make.project(mara, people=people, dynamic=True, target_error=TARGET, max_overlap=3)
    make.task(project)
    return project


def pull(client, project):
    answer = client.post(f"{API}/projects/{project.pk}/pull", {})
    return answer.json() if answer.status_code == 201 else None


def submit(client, piece, answer):
    body = {"lease_token": piece["lease"]["token"], "seconds": 12.5, "visibility": [2] * 5} | answer
    return client.post(f"{API}/assignments/{piece['assignment']}/submit", body)


def status_of(client, task):
    shown = client.get(f"{API}/tasks/{task}").json()
    return shown["status"], shown["answers"], shown["wanted"]


@pytest.fixture
def doubted(as_, project, ann, ben):
    """The task, once two have answered who agree but on the nose."""
    for person, dx in ((ann, 0.0), (ben, 8.0)):
        piece = pull(as_(person), project)
        assert not {"landmarks", "locked"} & set(piece)
        assert submit(as_(person), piece, off(dx)).status_code == 201
    return piece["task"]


def in_adjudication(as_, project, cy, rita):
    submit(as_(cy), pull(as_(cy), project), nose(-8.0))
    return as_(rita).post(f"{API}/projects/{project.pk}/review/pull", {}).json()


def decide(client, review, verdict="correct", **more):
    return client.post(f"{API}/reviews/{review['review']}/decide", {"verdict": verdict, **more})


def test_a_third_person_settles_the_landmark_and_the_label_follows(as_, project, doubted, mara, ann, ben, cy):
    assert status_of(as_(mara), doubted) == ("open", 2, 3)
    assert (pull(as_(ann), project), pull(as_(ben), project)) == (None, None)
    piece = pull(as_(cy), project)
    assert (piece["task"], piece["landmarks"]) == (doubted, [NOSE])
    assert piece["locked"] == {
        "points": [None if place == NOSE else point for place, point in enumerate(SQUARE)],
        "visibility": [0 if place == NOSE else 2 for place in range(5)],
    }
    again = as_(cy).get(f"{API}/assignments/{piece['assignment']}").json()
    assert (again["landmarks"], again["locked"]) == (piece["landmarks"], piece["locked"])

    assert submit(as_(cy), piece, nose(1.0)).status_code == 201

    assert status_of(as_(mara), doubted) == ("accepted", 3, 3)
    [label] = as_(mara).get(f"{API}/projects/{project.pk}/labels").json()["items"]
    assert label["points"][:NOSE] == SQUARE[:NOSE]
    assert 50.0 <= label["points"][NOSE][0] < 54.0
    assert (label["answers"], label["visibility"]) == (3, [2] * 5)


def test_a_locked_point_is_refused_with_its_place_and_null_is_taken(as_, project, doubted, cy):
    piece = pull(as_(cy), project)

    as_shown = submit(as_(cy), piece, off(0.0))
    unasked = submit(as_(cy), piece, nose() | {"visibility": [2] * 5})
    nothing = submit(as_(cy), piece, {"points": [None] * 5, "visibility": [0] * 5})
    taken = submit(as_(cy), piece, nose())
    repeated = submit(as_(cy), piece, nose())

    assert (as_shown.status_code, unasked.status_code, nothing.status_code) == (422, 422, 422)
    assert [each["pointer"] for each in as_shown.json()["errors"]] == [f"/points/{place}" for place in (0, 1, 3, 4)]
    assert [each["pointer"] for each in unasked.json()["errors"]] == [f"/visibility/{place}" for place in (0, 1, 3, 4)]
    assert [each["pointer"] for each in nothing.json()["errors"]] == ["/points"]
    assert (taken.status_code, repeated.json()) == (201, taken.json())


def test_the_raw_export_shows_what_came_and_for_what_was_asked(as_, project, doubted, mara, cy):
    submit(as_(cy), pull(as_(cy), project), nose(1.0))

    lines = b"".join(as_(mara).get(f"{API}/projects/{project.pk}/answers").streaming_content).splitlines()

    whole, other, part = map(json.loads, lines)
    assert (part["points"], part["visibility"]) == (nose(1.0)["points"], nose()["visibility"])
    assert (whole["points"], other["points"]) == (SQUARE, off(8.0)["points"])


def test_what_stays_in_doubt_is_placed_by_an_expert_who_sees_every_answer_and_nobodys_name(
    as_, project, doubted, mara, cy, rita
):
    review = in_adjudication(as_, project, cy, rita)

    assert status_of(as_(mara), doubted) == ("adjudication", 3, 3)
    assert (review["task"], review["landmarks"]) == (doubted, [NOSE])
    assert review["consensus"]["covariance"][NOSE] is not None
    noses = sorted(answer["points"][NOSE][0] for answer in review["answers"])
    assert noses == [42.0, 50.0, 58.0]
    assert {key for answer in review["answers"] for key in answer} == {"points", "visibility"}
    points = [[48.0, 51.0] if place == NOSE else point for place, point in enumerate(review["consensus"]["points"])]
    decided = decide(as_(rita), review, points=points, visibility=[2, 2, 1, 2, 2])
    assert decided.json() == {"task": doubted, "status": "accepted"}
    [label] = as_(mara).get(f"{API}/projects/{project.pk}/labels").json()["items"]
    assert (label["points"], label["visibility"], label["corrected"]) == (points, [2, 2, 1, 2, 2], True)


def test_an_expert_may_not_move_what_is_not_in_doubt(as_, project, doubted, cy, rita):
    review = in_adjudication(as_, project, cy, rita)
    points = review["consensus"]["points"]

    moved = decide(as_(rita), review, points=[[31.0, 30.0], *points[1:4], None], visibility=[2, 2, 2, 1, 0])

    assert moved.status_code == 422
    pointers = [each["pointer"] for each in moved.json()["errors"]]
    assert pointers == ["/points/0", "/points/4", "/visibility/3", "/visibility/4"]
    assert decide(as_(rita), review, "accept").json()["status"] == "accepted"


def test_a_redo_starts_with_the_first_overlap_and_asks_for_every_landmark(as_, project, doubted, mara, ann, cy, rita):
    review = in_adjudication(as_, project, cy, rita)

    assert decide(as_(rita), review, "redo", note="mirrored").json()["status"] == "open"

    assert status_of(as_(mara), doubted) == ("open", 0, 2)
    assert "landmarks" not in pull(as_(ann), project)


def test_in_an_ordinary_review_every_point_may_be_corrected(as_, project, make, mara, ann, ben, rita):
    plain = make.project(mara, people=[(ann, "annotator"), (ben, "annotator"), (rita, "reviewer")], review_layers=1)
    make.task(plain)
    for person in (ann, ben):
        submit(as_(person), pull(as_(person), plain), off(0.0))
    review = as_(rita).post(f"{API}/projects/{plain.pk}/review/pull", {}).json()

    points = [[x + 3.0, y] for x, y in SQUARE]
    decided = decide(as_(rita), review, points=points, visibility=[2] * 5)

    assert not {"landmarks", "answers"} & set(review)
    assert decided.json()["status"] == "accepted"


@pytest.mark.parametrize(
    ("policy", "pointer"),
    [
        ({"dynamic": 1}, "/policy/dynamic"),
        ({"dynamic": "yes"}, "/policy/dynamic"),
        ({"target_error": 0}, "/policy/target_error"),
        ({"target_error": 1.5}, "/policy/target_error"),
        ({"target_error": True}, "/policy/target_error"),
        ({"dynamic": True, "overlap": 1}, "/policy/overlap"),
    ],
)
def test_a_policy_that_cannot_be_worked_by_is_refused(as_, make, mara, policy, pointer):
    address = f"{API}/projects/{make.project(mara).pk}"

    refused = as_(mara).patch(address, {"policy": policy})
    kept = as_(mara).patch(address, {"policy": {"dynamic": True, "target_error": 0.02}})

    assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, pointer)
    assert (kept.json()["policy"]["dynamic"], kept.json()["policy"]["target_error"]) == (True, 0.02)


def test_a_dynamic_project_is_not_planned_with_a_single_answer(as_, make, project, mara):
    make.asset(project)

    refused = as_(mara).post(f"{API}/projects/{project.pk}/plan", {"overlap": 1})

    assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, "/overlap")
