"""Every refusal is problem+json that says what to do."""

import pytest

from tests.people import JsonClient


def test_nobody_is_asked_to_log_in(db):
    answer = JsonClient().get("/api/v1/me")

    assert answer.status_code == 401
    assert answer["WWW-Authenticate"] == "Token"
    assert answer["Content-Type"] == "application/problem+json"
    assert set(answer.json()) == {"type", "title", "status", "detail", "code", "errors"}


def test_an_unknown_address_of_the_api_is_a_problem_too(db):
    answer = JsonClient().get("/api/v1/nowhere")

    assert (answer.status_code, answer["Content-Type"]) == (404, "application/problem+json")


def test_a_body_that_is_not_json_is_refused(mara, as_):
    answer = as_(mara).generic("POST", "/api/v1/clients", b"{", content_type="application/json")

    assert (answer.status_code, answer.json()["code"]) == (422, "malformed")


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity"])
def test_numbers_that_json_does_not_know_are_refused(mara, as_, number):
    body = f'{{"name": "x", "client": {number}}}'.encode()

    assert as_(mara).generic("POST", "/api/v1/projects", body, content_type="application/json").status_code == 422


def test_a_method_that_does_nothing_here_is_refused(mara, as_):
    answer = as_(mara).delete("/api/v1/clients")

    assert (answer.status_code, answer.json()["code"]) == (405, "method_not_allowed")


def test_a_bug_shows_no_traceback(mara, as_, monkeypatch, settings):
    def broken(*args, **kwargs):
        raise RuntimeError("the secret reason")

    monkeypatch.setattr("projects.clients.enter.enter", broken)
    client = as_(mara)
    client.raise_request_exception = False

    answer = client.post("/api/v1/clients", {"name": "x"})

    assert (answer.status_code, answer.json()["code"]) == (500, "broken")
    assert b"secret reason" not in answer.content


def test_limit_has_limits(mara, as_):
    for limit in ("0", "201", "many", "-1"):
        assert as_(mara).get("/api/v1/clients", {"limit": limit}).status_code == 422


def test_a_body_nested_without_end_is_refused(mara, as_):
    answer = as_(mara).generic("POST", "/api/v1/clients", b"[" * 200_000, content_type="application/json")

    assert (answer.status_code, answer.json()["code"]) == (422, "malformed")


def test_a_body_without_end_is_refused(mara, as_, settings):
    body = b'{"name": "' + b"x" * settings.DATA_UPLOAD_MAX_MEMORY_SIZE + b'"}'

    answer = as_(mara).generic("POST", "/api/v1/clients", body, content_type="application/json")

    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")
