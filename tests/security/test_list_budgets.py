"""Every list costs a fixed number of queries, however long it is: no route is left out."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import get_resolver
from rest_framework.generics import ListAPIView

from tests.security.growth import grow
from tests.security.test_permission_matrix import address

MOST_QUERIES = 9  # with the log-in
READERS = {"assignments": "annotator", "annotations": "annotator", "reviews": "reviewer", "users": "admin"}


def list_routes():
    [api] = [each for each in get_resolver().url_patterns if str(each.pattern) == "api/v1/"]
    for each in api.url_patterns:
        view = getattr(each.callback, "view_class", None) or getattr(each.callback, "cls", None)
        if view is not None and issubclass(view, ListAPIView):
            yield str(each.pattern)


@pytest.mark.parametrize("pattern", list(list_routes()))
def test_a_longer_list_costs_no_more_queries(world, as_, pattern):
    client = as_(world.people[READERS.get(pattern, "manager")])
    url = address(pattern, world.ids)

    def read():
        with CaptureQueriesContext(connection) as queries:
            answer = client.get(url, {"limit": 100})
        assert answer.status_code == 200
        return len(answer.json()["items"]), [query["sql"][:200] for query in queries]

    grow(world, 1, "few")
    few, queries_of_few = read()
    grow(world, 4, "many")
    many, queries_of_many = read()

    assert many > few > 0
    assert len(queries_of_many) <= len(queries_of_few) <= MOST_QUERIES, queries_of_many
