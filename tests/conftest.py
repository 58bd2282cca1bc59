"""The people, the material and the servers that tests share."""

import os

import django
import pytest

from tests import servers

servers.start()
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "orchestrator.settings")  # only now: it reads the servers' addresses
django.setup()

pytest_plugins = ["tests.people", "tests.make"]


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """Let the test runner empty tables between transactional tests; rows stay protected."""
    from django.db import connection

    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute("ALTER TABLE projects_event DISABLE TRIGGER event_is_never_emptied")
        cursor.execute("ALTER TABLE tasks_annotation DISABLE TRIGGER annotation_is_never_emptied")


@pytest.fixture(autouse=True)
def _quiet_surroundings(settings, tmp_path):
    """Files go to the test's own folder; jobs run at once, in line; passwords cost little."""
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.CELERY_TASK_ALWAYS_EAGER = True
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    from django.core.cache import cache

    from orchestrator.celery import app

    app.loader.import_default_modules()  # an unknown name would be sent to a broker

    app.loader.import_default_modules()  # a job that nobody imported would be sent to a broker that is not there
    cache.clear()
    was = app.conf.task_always_eager, app.conf.task_eager_propagates
    app.conf.task_always_eager = app.conf.task_eager_propagates = True
    yield
    app.conf.task_always_eager, app.conf.task_eager_propagates = was
