"""A browser without a screen: Django's own client, logged in as somebody."""

import pytest
from django.test import Client


@pytest.fixture
def browse():
    """`browse(ann).get("/")`: pages as ann sees them; nobody is logged in for None."""

    def browsing(user=None):
        client = Client(enforce_csrf_checks=False)
        if user is not None:
            client.force_login(user)
        return client

    return browsing
