"""From pull to label through the API alone, with the jobs that follow."""

import time

import pytest

from orchestrator.celery import app
from tests.make import SQUARE, an_answer

API = "/api/v1"

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _jobs_loaded():
    app.loader.import_default_modules()


def answer_next(client, project, shift=0.0):
    piece = client.post(f"{API}/projects/{project.pk}/pull", {}).json()
    body = {"lease_token": piece["lease"]["token"], "seconds": 12.5, **an_answer(shift)}
    assert client.post(f"{API}/assignments/{piece['assignment']}/submit", body).status_code == 201
    return piece["task"]


def test_answers_become_a_consensus_a_review_and_a_label(as_, make, mara, ann, ben, rita):
    people = [(ann, "annotator"), (ben, "annotator"), (rita, "reviewer")]
    project = make.project(mara, people=people, review_layers=1)
    make.task(project)

    task = answer_next(as_(ann), project)
    assert as_(rita).get(f"{API}/tasks/{task}").json()["status"] == "open"
    answer_next(as_(ben), project, shift=2.0)
    assert as_(rita).get(f"{API}/tasks/{task}").json()["status"] == "in_review"
    assert as_(rita).get(f"{API}/tasks/{task}/consensus").json()["points"] == [[x + 1.0, y] for x, y in SQUARE]
    review = as_(rita).post(f"{API}/projects/{project.pk}/review/pull", {}).json()["review"]
    verdict = as_(rita).post(f"{API}/reviews/{review}/decide", {"verdict": "accept"})

    assert verdict.json() == {"task": task, "status": "accepted"}
    [label] = as_(mara).get(f"{API}/projects/{project.pk}/labels").json()["items"]
    assert (label["points"], label["answers"], label["checked_layers"]) == ([[x + 1.0, y] for x, y in SQUARE], 2, 1)


def test_a_redo_is_answered_and_reviewed_again(as_, make, mara, ann, ben, rita):
    people = [(ann, "annotator"), (ben, "annotator"), (rita, "reviewer")]
    project = make.project(mara, people=people, review_layers=1)
    make.task(project)
    for person in (ann, ben):
        answer_next(as_(person), project)
    review = as_(rita).post(f"{API}/projects/{project.pk}/review/pull", {}).json()["review"]
    as_(rita).post(f"{API}/reviews/{review}/decide", {"verdict": "redo", "note": "mirrored"})

    for person in (ann, ben):
        task = answer_next(as_(person), project, shift=3.0)
    review = as_(rita).post(f"{API}/projects/{project.pk}/review/pull", {}).json()["review"]
    as_(rita).post(f"{API}/reviews/{review}/decide", {"verdict": "accept"})

    shown = as_(mara).get(f"{API}/tasks/{task}").json()
    assert (shown["status"], shown["round"]) == ("accepted", 2)
    assert len(b"".join(as_(mara).get(f"{API}/projects/{project.pk}/answers").streaming_content).splitlines()) == 4


def test_what_nobody_wants_to_answer_goes_to_a_reviewer_who_places_it(as_, make, mara, ann, ben, rita):
    people = [(ann, "annotator"), (ben, "annotator"), (rita, "reviewer")]
    project = make.project(mara, people=people, max_skips=2)
    make.task(project)
    for person in (ann, ben):
        piece = as_(person).post(f"{API}/projects/{project.pk}/pull", {}).json()
        body = {"lease_token": piece["lease"]["token"], "reason": "blurred"}
        assert as_(person).post(f"{API}/assignments/{piece['assignment']}/skip", body).status_code == 200

    found = as_(rita).post(f"{API}/projects/{project.pk}/review/pull", {}).json()
    assert (found["consensus"], found["task"]) == (None, piece["task"])
    refused = as_(rita).post(f"{API}/reviews/{found['review']}/decide", {"verdict": "accept"})
    placed = as_(rita).post(f"{API}/reviews/{found['review']}/decide", {"verdict": "correct", **an_answer()})

    assert (refused.status_code, refused.json()["code"]) == (409, "nothing_to_accept")
    assert placed.json()["status"] == "accepted"


def test_the_round_from_the_last_submission_to_the_label_takes_well_under_a_second(as_, make, mara, ann, ben):
    project = make.project(mara, people=[(ann, "annotator"), (ben, "annotator")])
    make.task(project)
    answer_next(as_(ann), project)

    begun = time.process_time()
    task = answer_next(as_(ben), project, shift=1.0)

    assert time.process_time() - begun < 0.8
    assert as_(mara).get(f"{API}/tasks/{task}").json()["status"] == "accepted"
