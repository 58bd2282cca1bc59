"""Ready means: the database answers, is migrated and forgets nothing, and the broker answers."""

import pytest
from django.core.checks import Tags, run_checks
from django.db import connection

from orchestrator import health

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _broker(settings):
    settings.CELERY_BROKER_URL = "memory://"
    health.migrated.clear()


def test_alive_and_ready_without_signing_in(client):
    assert client.get("/livez").json() == {"status": "ok"}
    assert client.get("/readyz").json() == {"status": "ok"}


@pytest.mark.parametrize("address", ["redis+socket:///nowhere/valkey.sock", "amqp://guest@127.0.0.1:1//"])
def test_lost_broker_is_named_and_nothing_else(client, settings, address):
    settings.CELERY_BROKER_URL = address

    answer = client.get("/readyz")

    assert answer.status_code == 503
    assert answer.json() == {"status": "not ready", "failed": ["broker"]}
    assert client.get("/livez").status_code == 200


def test_unapplied_migration_is_named(client):
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'sessions'")

    assert client.get("/readyz").json() == {"status": "not ready", "failed": ["migrations"]}


def test_migrations_are_looked_at_once(client, django_assert_max_num_queries):
    client.get("/readyz")

    with django_assert_max_num_queries(4):  # a savepoint, its release and two statements
        client.get("/readyz")


def test_database_that_forgets_commits_is_refused(monkeypatch):
    monkeypatch.delenv("CANTHUS_ALLOW_UNSAFE_DATABASE", raising=False)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL synchronous_commit = off")

    found = run_checks(tags=[Tags.database], databases=["default"])

    assert "synchronous_commit = off" in " ".join(message.msg for message in found)
    assert {message.id for message in found} == {"canthus.E001"}
