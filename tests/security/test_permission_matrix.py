"""Every route, every method, every role, own and foreign objects: nothing is left out, and nothing is let through.

A row has one sign for each of `COLUMNS`: + let in, - refused (403), 0 missing (404), ! must log in (401).
"""

import re
from uuid import uuid4

import pytest
from django.db import transaction

from tests.architecture.routes import api_routes
from tests.people import JsonClient
from tests.security.rows import BODIES, MATRIX, OPEN
from tests.security.world import COLUMNS, build

SIGNS = {401: "!", 403: "-", 404: "0"}
FOREIGNERS = ("manager", "reviewer", "annotator", "client")
CASES = [(route.pattern, method) for route in api_routes() for method in route.methods if route.pattern not in OPEN]


def address(pattern, ids):
    """The pattern with the world's own objects in it."""
    first = pattern.split("/")[0]

    def fill(match):
        name = match[1]
        return str(ids[first] if name == "pk" else ids[name])

    return "/api/v1/" + re.sub(r"<(?:\w+:)?(\w+)>", fill, pattern)


def ask(client, method, pattern, ids):
    """The answer to the request, whose effects are undone."""
    body = BODIES.get(pattern, {}) if method in {"POST", "PUT", "PATCH"} else None
    url = address(pattern, ids)
    with transaction.atomic():
        answer = getattr(client, method.lower())(url, body)
        if getattr(answer, "streaming", False):
            b"".join(answer.streaming_content)
        transaction.set_rollback(True)
    return answer


def test_the_matrix_has_a_row_for_every_route_and_method_and_no_others():
    assert set(MATRIX) == set(CASES)


@pytest.mark.parametrize(("pattern", "method"), CASES)
def test_each_role_gets_what_the_matrix_says(world, as_, pattern, method):
    got = ""
    for column in COLUMNS:
        user = world.people[column]
        client = JsonClient() if user is None else as_(user)
        got += SIGNS.get(ask(client, method, pattern, world.ids).status_code, "+")

    assert got == MATRIX[pattern, method], f"{method} {pattern} of {COLUMNS}"


@pytest.mark.parametrize(("pattern", "method"), [case for case in CASES if "<" in case[0]])
def test_what_is_anothers_looks_exactly_like_what_is_not_there(world, ada, theo, as_, pattern, method):
    other = build("-elsewhere", ada, theo)
    missing = {name: value if name in {"path", "number"} else uuid4() for name, value in world.ids.items()}

    for role in FOREIGNERS:
        client = as_(other.people[role])
        foreign = ask(client, method, pattern, world.ids)
        nothing = ask(client, method, pattern, missing)
        assert foreign.status_code in {403, 404}
        assert (foreign.status_code, foreign.content) == (nothing.status_code, nothing.content), role
