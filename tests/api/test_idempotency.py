"""A POST with an Idempotency-Key is done once."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from projects.clients.models import Client
from projects.idempotency import IdempotencyKey

URL = "/api/v1/clients"


def test_the_same_request_again_gets_the_same_answer_and_does_nothing(mara, as_):
    client = as_(mara)

    first = client.post(URL, {"name": "Faces Ltd"}, headers={"Idempotency-Key": "k1"})
    second = client.post(URL, {"name": "Faces Ltd"}, headers={"Idempotency-Key": "k1"})

    assert (first.status_code, first.content) == (second.status_code, second.content)
    assert second["Idempotent-Replayed"] == "true"
    assert Client.objects.count() == 1


def test_another_body_under_the_same_key_is_refused(mara, as_):
    client = as_(mara)
    client.post(URL, {"name": "Faces Ltd"}, headers={"Idempotency-Key": "k1"})

    answer = client.post(URL, {"name": "Other Ltd"}, headers={"Idempotency-Key": "k1"})

    assert (answer.status_code, answer.json()["code"]) == (422, "idempotency_key_reused")
    assert Client.objects.count() == 1


def test_keys_of_different_people_do_not_meet(mara, theo, as_):
    for somebody in (mara, theo):
        answer = as_(somebody).post(URL, {"name": "Faces Ltd"}, headers={"Idempotency-Key": "k1"})
        assert answer.status_code == 201


def test_what_was_refused_may_be_tried_again(mara, as_):
    client = as_(mara)
    client.post(URL, {"name": "Faces Ltd"})

    refused = client.post(URL, {"name": "Faces Ltd"}, headers={"Idempotency-Key": "k1"})

    assert refused.status_code == 409
    assert not IdempotencyKey.objects.exists()


def test_an_endless_key_is_refused(mara, as_):
    assert as_(mara).post(URL, {"name": "Faces Ltd"}, headers={"Idempotency-Key": "k" * 201}).status_code == 422


@pytest.mark.django_db(transaction=True)
def test_eight_at_once_are_one(mara, as_):
    clients = [as_(mara) for _ in range(8)]

    def ask(client):
        try:
            return client.post(URL, {"name": "Faces Ltd"}, headers={"Idempotency-Key": "k1"})
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(ask, clients))

    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.content for answer in answers}) == 1
    assert Client.objects.count() == 1
