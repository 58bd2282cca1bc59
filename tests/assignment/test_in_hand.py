"""The work in hand through the API: looking at it again, its picture, extending, giving it back, listing."""

import hashlib
from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db.models.functions import Now

from projects.teams import grants
from tasks.assignment.models import Assignment

PNG = b"\x89PNG\r\n\x1a\n not decoded here"


@pytest.fixture
def client(as_, ann):
    return as_(ann)


@pytest.fixture
def piece(client, make, faces):
    file = default_storage.save("assets/face.png", ContentFile(PNG))
    sha256 = hashlib.sha256(PNG).hexdigest()
    asset = make.asset(faces, url="", content_type="image/png", bytes=len(PNG), sha256=sha256, file=file)
    make.task(faces, asset=asset)
    return client.post(f"/api/v1/projects/{faces.pk}/pull", {}).json()


def address(piece, deed=""):
    return f"/api/v1/assignments/{piece['assignment']}{deed}"


def test_she_finds_the_work_in_hand_again(client, piece, make):
    client.put(address(piece, "/draft"), {"lease_token": piece["lease"]["token"]} | make.answer(2))

    again = client.get(address(piece)).json()

    assert again["draft"] == make.answer(2)
    for part in (piece, again):
        part["asset"].pop("image_url"), part.pop("draft")
    assert again == piece


def test_nobody_else_finds_it(as_, piece, ben, mara):
    for person in (ben, mara):
        assert as_(person).get(address(piece)).status_code == 404


def test_it_is_no_longer_in_hand_when_given_back(client, piece):
    done = client.post(address(piece, "/release"), {"lease_token": piece["lease"]["token"]})

    assert (done.status_code, done.json()) == (200, {"assignment": piece["assignment"]})
    assert client.get(address(piece)).status_code == 404


def test_extending_tells_the_new_end(client, piece):
    Assignment.objects.filter(pk=piece["assignment"]).update(leased_until=Now() + timedelta(seconds=1))

    answer = client.post(address(piece, "/extend"), {"lease_token": piece["lease"]["token"]})

    assert answer.status_code == 200
    assert set(answer.json()) == {"lease"}
    assert answer.json()["lease"]["token"] == piece["lease"]["token"]
    assert answer.json()["lease"]["until"] > piece["lease"]["until"]


@pytest.mark.parametrize("deed", ["/extend", "/release", "/skip", "/submit"])
def test_with_a_wrong_token_each_deed_is_409(client, piece, make, deed):
    bodies = {"/skip": {"reason": "blurred"}, "/submit": make.answer() | {"seconds": 1}}

    answer = client.post(address(piece, deed), {"lease_token": "77"} | bodies.get(deed, {}))

    assert answer.status_code == 409
    assert answer.json()["code"] == "lease_lost"


class TestPicture:
    def test_its_address_needs_no_login(self, piece, as_):
        url = piece["asset"]["image_url"]

        answer = as_(None).get(url)

        assert url.startswith("http://testserver/api/v1/assignments/")
        assert answer.status_code == 200
        assert b"".join(answer.streaming_content) == PNG
        assert answer.headers["Content-Type"] == "image/png"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"

    def test_it_is_shown_only_while_she_holds_the_assignment(self, piece, client, as_):
        client.post(address(piece, "/release"), {"lease_token": piece["lease"]["token"]})

        answer = as_(None).get(piece["asset"]["image_url"])

        assert answer.status_code == 403
        assert answer.json()["code"] == "link_expired"

    def test_not_after_the_lease_ran_out(self, piece, as_):
        Assignment.objects.filter(pk=piece["assignment"]).update(leased_until=Now() - timedelta(seconds=1))

        assert as_(None).get(piece["asset"]["image_url"]).status_code == 403

    def test_not_when_somebody_else_has_it_now(self, piece, as_, ben):
        Assignment.objects.filter(pk=piece["assignment"]).update(annotator=ben, lease_token=2)

        assert as_(None).get(piece["asset"]["image_url"]).status_code == 403

    def test_not_when_she_is_an_annotator_no_longer(self, piece, as_, faces, ann, mara):
        grants.withdraw(faces, role="annotator", to=ann, by=mara)

        assert as_(None).get(piece["asset"]["image_url"]).status_code == 403

    @pytest.mark.parametrize("query", ["", "?token=", "?token=abc", "?token=a%00b"])
    def test_not_without_its_token(self, piece, as_, query):
        assert as_(None).get(address(piece, f"/image{query}")).status_code == 403

    def test_not_under_another_assignments_address(self, piece, as_, make, faces, ben):
        make.task(faces)
        other = as_(ben).post(f"/api/v1/projects/{faces.pk}/pull", {}).json()
        query = piece["asset"]["image_url"].partition("?")[2]

        assert as_(None).get(address(other, f"/image?{query}")).status_code == 403


class TestMine:
    def test_the_list_has_hers_only(self, client, piece, make, faces, as_, ben):
        as_(ben).post(f"/api/v1/projects/{faces.pk}/pull", {})

        items = client.get("/api/v1/assignments?status=leased").json()["items"]

        assert [set(each) for each in items] == [{"assignment", "project", "task", "asset", "status", "lease"}]
        assert items[0]["assignment"] == piece["assignment"]
        assert items[0]["asset"] == {"id": piece["asset"]["id"], "key": piece["asset"]["key"]}
        assert items[0]["lease"] == piece["lease"]

    def test_by_status_from_a_list(self, client, piece):
        assert client.get("/api/v1/assignments?status=submitted").json()["items"] == []
        assert client.get("/api/v1/assignments?status=nonsense").status_code == 422
        assert client.get("/api/v1/assignments?annotator=ben").status_code == 422

    def test_a_page_costs_few_queries(self, client, make, faces, django_assert_max_num_queries):
        for _ in range(12):
            make.task(faces)
            client.post(f"/api/v1/projects/{faces.pk}/pull", {})

        with django_assert_max_num_queries(3):
            assert len(client.get("/api/v1/assignments").json()["items"]) == 12


def test_pull_over_all_projects(client, make, faces):
    task = make.task(faces)

    answer = client.post("/api/v1/pull", {})

    assert answer.status_code == 201
    assert answer.json()["task"] == str(task.pk)
    assert answer.json()["schema"] == str(faces.schema_id)
    assert client.post("/api/v1/pull", {}).status_code == 204
