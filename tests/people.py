"""The cast: ada is the admin, mara manages, ann, ben and cy annotate, rita and rob review, clea is a client, theo a
stranger who manages another project."""

import pytest
from rest_framework.test import APIClient

from projects.teams import tokens
from projects.teams.models import User

PASSWORD = "a long enough secret"


class JsonClient(APIClient):
    default_format = "json"


def person(name, **more):
    return User.objects.create_user(name, password=PASSWORD, **more)


@pytest.fixture
def ada(db):
    return person("ada", is_superuser=True, is_staff=True)


@pytest.fixture
def mara(db):
    return person("mara", is_founder=True)


@pytest.fixture
def ann(db):
    return person("ann")


@pytest.fixture
def ben(db):
    return person("ben")


@pytest.fixture
def cy(db):
    return person("cy")


@pytest.fixture
def rita(db):
    return person("rita")


@pytest.fixture
def rob(db):
    return person("rob")


@pytest.fixture
def clea(db):
    return person("clea")


@pytest.fixture
def theo(db):
    return person("theo", is_founder=True)


@pytest.fixture
def as_():
    """`as_(ann).post("/api/v1/…", {...})`: an API client that acts as this person, JSON in and out."""

    def acting(user):
        client = JsonClient()
        if user is not None:
            client.credentials(HTTP_AUTHORIZATION=f"Token {tokens.issue(user)[0]}")
        return client

    return acting
