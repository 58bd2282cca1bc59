"""Logging in and out."""

from datetime import timedelta

from django.utils import timezone
from rest_framework.test import APIClient

from projects.teams.models import Token
from tests.people import PASSWORD, JsonClient


def test_a_token_opens_the_api_until_it_is_ended(ann):
    client = JsonClient()
    token = client.post("/api/v1/auth/token", {"username": "ann", "password": PASSWORD}).json()["token"]

    client.credentials(HTTP_AUTHORIZATION=f"Token {token}")
    assert client.get("/api/v1/me").json()["username"] == "ann"

    assert client.delete("/api/v1/auth/token").status_code == 204
    assert client.get("/api/v1/me").status_code == 401


def test_only_the_hash_of_a_token_is_kept(ann):
    token = JsonClient().post("/api/v1/auth/token", {"username": "ann", "password": PASSWORD}).json()["token"]

    kept = Token.objects.get()

    assert token.encode() not in bytes(kept.digest)


def test_a_token_that_has_expired_opens_nothing(ann, as_):
    client = as_(ann)
    Token.objects.update(expires_at=timezone.now() - timedelta(seconds=1))

    answer = client.get("/api/v1/me")

    assert (answer.status_code, answer.json()["code"]) == (401, "authentication_failed")


def test_a_wrong_password_and_an_unknown_person_get_the_same_answer(ann):
    client = JsonClient()

    wrong = client.post("/api/v1/auth/token", {"username": "ann", "password": "not hers"})
    unknown = client.post("/api/v1/auth/token", {"username": "nobody", "password": "not hers"})

    assert (wrong.status_code, wrong.json()) == (unknown.status_code, unknown.json())
    assert wrong.json()["code"] == "bad_credentials"


def test_a_closed_account_opens_nothing(ann, as_):
    client = as_(ann)
    ann.is_active = False
    ann.save(update_fields=["is_active"])

    assert client.get("/api/v1/me").status_code == 401
    assert client.post("/api/v1/auth/token", {"username": "ann", "password": PASSWORD}).status_code == 401


def test_guessing_is_slowed_down_without_locking_others_out(ann, ben):
    client = JsonClient()
    answers = [client.post("/api/v1/auth/token", {"username": "ann", "password": "guess"}) for _ in range(31)]

    assert answers[-1].status_code == 429
    assert int(answers[-1]["Retry-After"]) > 0
    assert client.post("/api/v1/auth/token", {"username": "ben", "password": PASSWORD}).status_code == 200


def test_a_made_up_forwarded_address_is_not_another_guesser(ann):
    client = JsonClient()
    body = {"username": "ann", "password": "guess"}
    answers = [
        client.post("/api/v1/auth/token", body, headers={"X-Forwarded-For": f"10.0.0.{number}"}) for number in range(31)
    ]

    assert answers[-1].status_code == 429


def test_a_body_that_is_not_an_object_is_refused(db):
    answer = JsonClient().post("/api/v1/auth/token", ["ann"])

    assert answer.status_code == 422
    assert answer["Content-Type"] == "application/problem+json"


def test_a_form_is_not_json(db):
    answer = APIClient().post("/api/v1/auth/token", {"username": "ann"}, format="multipart")

    assert answer.status_code == 415
