"""A cut connection, a busy server, an ended token: the client goes on by itself, and never does a deed twice."""

import json

import pytest

from orchestrator.outside.client import Client
from orchestrator.outside.wire import Problem, Timings
from tests.outside.server import hang_up, reply, serving

TOKEN = json.dumps({"token": "secret", "expires_at": "2999-01-01T00:00:00Z"}).encode()


def logged_in(url):
    return Client(url, username="ann", password="pw")


def test_a_cut_post_is_repeated_under_the_same_key_and_body():
    def answer(request):
        if request.path.endswith("/auth/token"):
            reply(request, 200, TOKEN)
        elif sum(each.path == request.path for each in seen) == 1:
            hang_up(request)
        else:
            reply(request, 201, b'{"id": "1"}')

    with serving(answer) as (url, seen):
        made = logged_in(url).add_team("Herons")

        first, second = (request for request in seen if request.path.endswith("/teams"))
        assert made == {"id": "1"}
        assert first.headers["Idempotency-Key"] == second.headers["Idempotency-Key"]
        assert first.body == second.body


def test_two_deeds_have_two_keys():
    with serving(lambda request: reply(request, 200, TOKEN)) as (url, seen):
        ann = logged_in(url)

        ann.add_team("Herons")
        ann.add_team("Herons")

        keys = [request.headers["Idempotency-Key"] for request in seen if request.path.endswith("/teams")]
        assert len(set(keys)) == 2


def test_an_ended_token_is_renewed_once():
    def answer(request):
        if request.path.endswith("/auth/token"):
            reply(request, 200, TOKEN)
        elif sum(each.path == request.path for each in seen) == 1:
            reply(request, 401, b'{"code": "not_authenticated", "detail": "Log in."}')
        else:
            reply(request, 200, b'{"username": "ann"}')

    with serving(answer) as (url, seen):
        assert logged_in(url).me() == {"username": "ann"}

        assert [request.path.rpartition("/")[2] for request in seen] == ["token", "me", "token", "me"]


def test_a_busy_server_is_asked_again():
    def answer(request):
        if len(seen) == 1:
            reply(request, 429, b"{}", Retry_After="0")
        else:
            reply(request, 200, TOKEN)

    with serving(answer) as (url, seen):
        logged_in(url).login()

        assert len(seen) == 2


def test_a_refusal_tells_its_code_and_each_mistake():
    problem = {"status": 422, "code": "invalid", "detail": "No.", "errors": [{"pointer": "/points/3", "detail": "far"}]}

    with (
        serving(lambda request: reply(request, 422, json.dumps(problem).encode())) as (url, seen),
        pytest.raises(Problem, match=r"422 invalid: No\. \(/points/3 far\)") as refused,
    ):
        Client(url).add_team("Herons")

    assert (refused.value.status, refused.value.code, len(seen)) == (422, "invalid", 1)


def test_lists_are_read_page_after_page():
    def answer(request):
        after = "cursor=2" in request.path
        page = {"items": [{"id": 2 if after else 1}], "next": None if after else "/api/v1/teams?cursor=2"}
        reply(request, 200, json.dumps(page).encode())

    with serving(answer) as (url, _):
        assert [team["id"] for team in Client(url).teams()] == [1, 2]


def test_percentiles_are_by_nearest_rank():
    timings = Timings()
    for milliseconds in range(1, 101):
        timings.note("pull", milliseconds)

    assert timings.percentile("pull", 0.5) == 51
    assert timings.percentile("pull", 0.95) == 96
    assert timings.percentile("submit", 0.5) is None
