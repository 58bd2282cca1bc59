"""Uploading one picture."""

import io
import json
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from PIL import Image

from projects.audit.models import Event
from projects.datasets.intake.describe import Description
from projects.datasets.intake.take import KeyTaken, add_image
from projects.datasets.models import Asset
from projects.errors import NotAllowed
from tests.datasets.pictures import bomb, drawn, encoded, stored_as


def upload(client, project, content=None, name="face.png", **metadata):
    file = SimpleUploadedFile(name, encoded() if content is None else content)
    body = {"file": file} | ({"metadata": json.dumps(metadata)} if metadata else {})
    return client.post(f"/api/v1/projects/{project.pk}/assets", body, format="multipart")


def files_kept():
    folder = default_storage.path("")
    return sorted(str(each) for each in Path(folder).rglob("*") if each.is_file())


def test_a_picture_is_brought_in_with_what_is_said_about_it(faces, mara, as_):
    content = encoded(stored_as(drawn(), 6), "PNG", orientation=6)
    about = {"key": "anna/01", "subject_id": "anna", "sequence": "walk", "frame": 3, "consent": "c-17"}

    response = upload(as_(mara), faces, content, **about, attributes={"light": "dim"}, dataset="second")

    assert response.status_code == 201
    body = response.json()
    assert body == {
        "id": body["id"],
        "key": "anna/01",
        "width": 40,
        "height": 30,
        "sha256": sha256(content).hexdigest(),
        "created": True,
    }
    asset = Asset.objects.get(pk=body["id"])
    assert (asset.subject_id, asset.sequence.key, asset.frame, asset.consent) == ("anna", "walk", 3, "c-17")
    assert asset.metadata == {"light": "dim"}
    assert asset.dataset.name == "second"
    assert asset.file == f"assets/{faces.pk}/{asset.pk}.png"
    assert Event.objects.filter(verb="asset.created", subject_id=str(asset.pk), actor=mara).exists()


def test_without_a_key_a_picture_has_its_files_name(faces, mara, as_):
    assert upload(as_(mara), faces, name="../../etc/mona lisa.png").json()["key"] == "mona lisa.png"


def test_the_same_picture_twice_is_one_asset(faces, mara, as_):
    first = upload(as_(mara), faces, key="a").json()

    again = upload(as_(mara), faces, key="a").json()
    under_another_name = upload(as_(mara), faces, key="b").json()

    assert again == first | {"created": False}
    assert under_another_name == first | {"created": False}
    assert Asset.objects.count() == 1
    assert len(files_kept()) == 1


def test_the_same_picture_in_two_projects_is_two_assets(make, faces, mara, as_):
    first = upload(as_(mara), faces).json()
    second = upload(as_(mara), make.project(mara)).json()

    assert second["created"] is True
    assert first["id"] != second["id"]


def test_a_key_that_stands_for_another_picture_is_refused(faces, mara, as_):
    upload(as_(mara), faces, key="a")

    response = upload(as_(mara), faces, encoded(drawn(seed=5)), key="a")

    assert (response.status_code, response.json()["code"]) == (409, "key_taken")
    assert len(files_kept()) == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("keys", [["a", "a"], ["a", "b"]])
def test_two_who_upload_the_same_picture_at_once_make_one_asset(faces, mara, keys):
    content = encoded(drawn(900, 700))

    def add(key):
        try:
            return add_image(faces, io.BytesIO(content), Description(key=key), by=mara)
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        taken = list(pool.map(add, keys * 4))

    assert len({asset.pk for asset, _ in taken}) == 1
    assert sum(created for _, created in taken) == 1
    assert len(files_kept()) == 1


@pytest.mark.django_db(transaction=True)
def test_of_two_pictures_under_one_key_at_once_one_is_refused(faces, mara):
    contents = [encoded(drawn(900, 700, seed=seed)) for seed in range(4)]

    def add(content):
        try:
            return add_image(faces, io.BytesIO(content), Description(key="same"), by=mara)
        except KeyTaken as refused:
            return refused
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        taken = list(pool.map(add, contents))

    assert sum(isinstance(each, KeyTaken) for each in taken) == 3
    assert Asset.objects.count() == len(files_kept()) == 1


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("x.png", b"<html><script>alert(1)</script></html>", "not_an_image"),
        ("x.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>", "not_an_image"),
        ("x.png", b"", "not_an_image"),
        ("x.png", bomb(), "too_many_pixels"),
        ("x.png", encoded()[:90], "damaged_image"),
        ("x.png", encoded(kind="PNG", save_all=True, append_images=[drawn(seed=3)]), "many_frames"),
    ],
    ids=["html", "svg", "empty", "bomb", "truncated", "film"],
)
def test_what_cannot_be_used_is_refused_and_leaves_nothing(faces, mara, as_, name, content, code):
    response = upload(as_(mara), faces, content, name=name)

    assert (response.status_code, response.json()["code"]) == (422, code)
    assert not Asset.objects.exists()
    assert files_kept() == []


@pytest.mark.parametrize(
    ("metadata", "pointer"),
    [
        ('{"frame": -1}', "/metadata/frame"),
        ('{"frame": true}', "/metadata/frame"),
        ('{"frame": "3"}', "/metadata/frame"),
        ('{"width": 99999999999}', "/metadata/width"),
        ('{"width": 39}', "/metadata/width"),
        ('{"subject_id": 5}', "/metadata/subject_id"),
        ('{"subject_id": "a\\u0000b"}', "/metadata/subject_id"),
        ('{"subject_id": "\\ud800"}', "/metadata/subject_id"),
        ('{"attributes": {"a": "\\u0000"}}', "/metadata/attributes"),
        ('{"attributes": [1]}', "/metadata/attributes"),
        ('{"project": "x"}', "/metadata/project"),
        ('{"sha256": "x"}', "/metadata/sha256"),
        ('{"url": "javascript:alert(1)"}', "/metadata/url"),
        ('{"key": "' + "k" * 301 + '"}', "/metadata/key"),
        ("[1]", "/metadata"),
        ("{", "/metadata"),
        ('{"attributes": {"a": NaN}}', "/metadata"),
        ("[" * 100_000, "/metadata"),
    ],
)
def test_a_bad_description_is_refused_with_the_place_of_the_mistake(faces, mara, as_, metadata, pointer):
    body = {"file": SimpleUploadedFile("a.png", encoded()), "metadata": metadata}

    response = as_(mara).post(f"/api/v1/projects/{faces.pk}/assets", body, format="multipart")

    assert response.status_code == 422
    assert [error["pointer"] for error in response.json()["errors"]] == [pointer]
    assert not Asset.objects.exists()


def test_a_form_without_a_file_or_with_more_than_it_knows_is_refused(faces, mara, as_):
    without = as_(mara).post(f"/api/v1/projects/{faces.pk}/assets", {"metadata": "{}"}, format="multipart")
    more = {"file": SimpleUploadedFile("a.png", encoded()), "is_gold": "1"}
    with_more = as_(mara).post(f"/api/v1/projects/{faces.pk}/assets", more, format="multipart")

    assert (without.status_code, without.json()["errors"][0]["pointer"]) == (422, "/file")
    assert (with_more.status_code, with_more.json()["errors"][0]["pointer"]) == (422, "/is_gold")


def test_a_file_over_the_limit_is_refused_before_it_is_read(faces, mara, as_, settings):
    settings.MAX_IMAGE_BYTES = 10_000

    declared = upload(as_(mara), faces, encoded() + bytes(2**21))
    counted = upload(as_(mara), faces, encoded() + bytes(20_000))

    assert (declared.status_code, declared.json()["code"]) == (413, "too_large")
    assert (counted.status_code, counted.json()["code"]) == (413, "image_too_large")
    assert files_kept() == []


def test_a_closed_project_takes_nothing_more(make, mara, as_):
    closed = make.project(mara, status="closed")

    response = upload(as_(mara), closed)

    assert (response.status_code, response.json()["code"]) == (409, "project_closed")


def test_only_who_manages_brings_material_in(faces, ann, rita, clea, theo, as_):
    for person in (ann, rita, clea):
        assert upload(as_(person), faces).status_code == 403
        with pytest.raises(NotAllowed):
            add_image(faces, io.BytesIO(encoded()), Description(key="a"), by=person)
    assert upload(as_(theo), faces).status_code == 404
    assert upload(as_(None), faces).status_code == 401
    assert not Asset.objects.exists()


def test_a_repeated_upload_with_the_same_key_gets_the_same_answer(faces, mara, as_):
    client = as_(mara)
    client.credentials(**client._credentials, HTTP_IDEMPOTENCY_KEY="once")

    first = upload(client, faces)
    again = upload(client, faces)

    assert first.json()["created"] is True
    assert again.content == first.content


def test_what_is_shown_is_the_upright_picture(faces, mara, as_):
    body = upload(as_(mara), faces, encoded(stored_as(drawn(), 8), orientation=8)).json()

    response = as_(mara).get(f"/api/v1/assets/{body['id']}/image")

    assert Image.open(io.BytesIO(b"".join(response.streaming_content))).tobytes() == drawn().tobytes()
