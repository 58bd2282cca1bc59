"""The first admin is made once, with a password that is written down before it is valid."""

import json

import pytest

from orchestrator.embedded import first_admin
from projects.teams.models import User
from tests.faults.terminal import mode_of

pytestmark = pytest.mark.django_db
URL = "http://127.0.0.1:8000"


def test_where_nobody_is_the_first_admin_is_made(home):
    admin = first_admin.ensure(home, URL)

    assert User.objects.get(username="admin", is_superuser=True, is_staff=True).check_password(admin.password)
    assert json.loads((home / "first-admin.json").read_text()) == {
        "url": URL,
        "username": "admin",
        "password": admin.password,
    }
    assert mode_of(home / "first-admin.json") == 0o600


def test_killed_between_file_and_user_the_next_start_makes_the_password_true(home):
    written = {"url": "http://127.0.0.1:1", "username": "admin", "password": "of-a-start-that-was-killed"}
    (home / "first-admin.json").write_text(json.dumps(written))

    admin = first_admin.ensure(home, URL)

    assert admin.password == written["password"]
    assert User.objects.get(username="admin").check_password(written["password"])


def test_later_start_changes_nothing_but_the_address(home):
    first = first_admin.ensure(home, URL)

    assert first_admin.ensure(home, "http://127.0.0.1:9000") is None

    known = json.loads((home / "first-admin.json").read_text())
    assert (known["password"], known["url"]) == (first.password, "http://127.0.0.1:9000")
    assert User.objects.count() == 1


def test_where_an_admin_is_no_other_is_made(home):
    User.objects.create_user("mara", password="her own password", is_superuser=True)

    assert first_admin.ensure(home, URL) is None
    assert not (home / "first-admin.json").exists()


def test_name_that_somebody_has_leaves_no_file_with_a_wrong_password(home):
    User.objects.create_user("admin", password="somebody else's")

    assert first_admin.ensure(home, URL) is None
    assert not (home / "first-admin.json").exists()
