"""The OpenAPI document is generated, complete and without warnings."""

import pytest
from django.core.management import call_command

from tests.architecture.routes import api_routes


@pytest.fixture(scope="module")
def document():
    from drf_spectacular.generators import SchemaGenerator

    return SchemaGenerator().get_schema(request=None, public=True)


def test_it_is_made_without_warnings_and_is_valid(tmp_path):
    call_command("spectacular", validate=True, fail_on_warn=True, file=str(tmp_path / "openapi.yaml"))


def test_every_route_and_method_is_in_it(document):
    described = {
        (path.removeprefix("/api/v1/"), method.upper()) for path, item in document["paths"].items() for method in item
    }
    real = {(route.template, method) for route in api_routes() for method in route.methods if route.name != "docs"}

    assert {(path, method) for path, method in described if method != "PARAMETERS"} == {
        pair for pair in real if pair[0] != "schema/"
    }


def test_every_operation_has_a_name_of_its_own(document):
    names = [op["operationId"] for item in document["paths"].values() for op in item.values() if "operationId" in op]

    assert len(names) == len(set(names))


def test_it_is_openapi_3_1_and_served(db, client):
    answer = client.get("/api/v1/schema/")

    assert answer.status_code == 200
    assert answer.json()["openapi"].startswith("3.1")
