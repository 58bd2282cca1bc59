"""Accounts."""

import pytest

URL = "/api/v1/users"


def test_an_admin_enrols_a_person_who_can_log_in(ada, as_):
    made = as_(ada).post(URL, {"username": "dora", "password": "a long enough secret"})

    assert made.status_code == 201
    assert "password" not in made.json()
    login = as_(None).post("/api/v1/auth/token", {"username": "dora", "password": "a long enough secret"})
    assert login.status_code == 200


def test_without_a_password_one_is_made_and_shown_once(ada, as_):
    made = as_(ada).post(URL, {"username": "dora"}).json()

    login = as_(None).post("/api/v1/auth/token", {"username": "dora", "password": made["password"]})

    assert login.status_code == 200
    assert "password" not in as_(ada).get(f"{URL}/{made['id']}").json()


@pytest.mark.parametrize("body", [{"username": "dora", "password": "short"}, {"username": "no spaces please"}, {}])
def test_a_bad_account_is_refused_with_the_field(ada, as_, body):
    answer = as_(ada).post(URL, body)

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] in {"/password", "/username"}


def test_a_username_is_given_once(ada, ann, as_):
    answer = as_(ada).post(URL, {"username": "ann"})

    assert (answer.status_code, answer.json()["code"]) == (409, "already_exists")


def test_nobody_becomes_admin_through_the_api(ada, as_):
    answer = as_(ada).post(URL, {"username": "dora", "is_superuser": True})

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == "/is_superuser"


def test_only_admins_see_and_make_accounts(mara, as_):
    assert as_(mara).get(URL).status_code == 403
    assert as_(mara).post(URL, {"username": "dora"}).status_code == 403


def test_a_new_password_ends_the_tokens(ada, ann, as_):
    old = as_(ann)

    as_(ada).patch(f"{URL}/{ann.pk}", {"password": "another long secret"})

    assert old.get("/api/v1/me").status_code == 401


def test_an_admin_cannot_close_her_own_account(ada, as_):
    assert as_(ada).patch(f"{URL}/{ada.pk}", {"is_active": False}).status_code == 403
