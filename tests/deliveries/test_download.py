"""Downloading a release's files: by range, by signed address, and told to the trail."""

from datetime import timedelta
from urllib.parse import quote, urlsplit

import pytest

from projects.audit.models import Event
from projects.teams import grants
from tests.deliveries.conftest import content

PATH = "labels.jsonl"


@pytest.fixture
def release(faces, label, published):
    label(faces, key="a.png")
    label(faces, key="../../etc/børn 1.png")
    return published(faces)


def address(release, path=PATH):
    return f"/api/v1/releases/{release.pk}/files/{quote(path)}"


def signed(client, release, path=PATH):
    files = client.get(f"/api/v1/releases/{release.pk}").json()["files"]
    parts = urlsplit(next(file["download_url"] for file in files if file["path"] == path))
    assert parts.netloc == "testserver"
    return f"{parts.path}?{parts.query}"


def body(response):
    return b"".join(response.streaming_content)


def downloads(release):
    return Event.objects.filter(subject_id=str(release.pk), verb="release.downloaded")


def test_every_file_arrives_as_the_release_describes_it(release, as_, clea):
    whole = content(release)

    for path, expected in whole.items():
        response = as_(clea).get(address(release, path))
        assert (response.status_code, body(response)) == (200, expected)
        assert response["Content-Length"] == str(len(expected))


def test_a_hostile_key_becomes_a_harmless_name(release, as_, clea):
    response = as_(clea).get(address(release, "pts/børn_1.pts"))

    assert response.status_code == 200
    assert response["Content-Disposition"].startswith("attachment")
    assert "/" not in response["Content-Disposition"].replace("utf-8''", "")
    assert response["X-Content-Type-Options"] == "nosniff"


def test_a_cut_download_goes_on_where_it_stopped(release, as_, clea):
    whole = content(release)[PATH]
    client = as_(clea)
    tag = client.head(address(release))["ETag"]

    first = client.get(address(release), headers={"Range": "bytes=0-99"})
    rest = client.get(address(release), headers={"Range": "bytes=100-", "If-Range": tag})
    changed = client.get(address(release), headers={"Range": "bytes=100-", "If-Range": '"other"'})
    beyond = client.get(address(release), headers={"Range": f"bytes={len(whole)}-"})

    assert (first.status_code, rest.status_code, changed.status_code, beyond.status_code) == (206, 206, 200, 416)
    assert body(first) + body(rest) == whole == body(changed)
    assert rest["Content-Range"] == f"bytes 100-{len(whole) - 1}/{len(whole)}"
    assert beyond["Content-Range"] == f"bytes */{len(whole)}"
    assert beyond["Content-Type"] == "application/problem+json"


def test_head_tells_length_and_hash_and_a_known_hash_saves_the_download(release, as_, clea):
    file = release.files.get(path=PATH)
    client = as_(clea)

    head = client.head(address(release))
    known = client.get(address(release), headers={"If-None-Match": f'"{file.sha256}"'})

    assert (head.status_code, head["Content-Length"], head["ETag"]) == (200, str(file.bytes), f'"{file.sha256}"')
    assert known.status_code == 304
    assert not downloads(release).exists()


def test_a_signed_address_needs_no_token(release, as_, clea):
    link = signed(as_(clea), release, "pts/børn_1.pts")

    response = as_(None).get(link)

    assert (response.status_code, body(response)) == (200, content(release)["pts/børn_1.pts"])
    assert downloads(release).get().actor == clea


def test_a_signed_address_is_for_one_file_of_one_release(release, faces, published, as_, clea):
    link = signed(as_(clea), release)
    other = published(faces)

    assert as_(None).get(link.replace(PATH, "manifest.json")).status_code == 403
    assert as_(None).get(link.replace(str(release.pk), str(other.pk))).status_code == 403
    assert as_(None).get(link[:-3] + "abc").json()["code"] == "link_expired"


def test_a_signed_address_expires(release, as_, clea, settings):
    link = signed(as_(clea), release)
    settings.LINK_LIFETIME = timedelta(0)

    assert as_(None).get(link).json()["code"] == "link_expired"


def test_who_lost_her_role_or_account_cannot_use_an_old_address(release, faces, as_, mara, clea):
    link = signed(as_(clea), release)

    grants.withdraw(faces, role="client", to=clea, by=mara)
    without_role = as_(None).get(link)
    grants.give(faces, role="client", to=clea, by=mara)
    clea.is_active = False
    clea.save(update_fields=["is_active"])
    without_account = as_(None).get(link)

    assert without_role.status_code == 404
    assert without_account.status_code == 403


def test_without_token_or_signature_nobody_gets_anything(release, as_):
    assert as_(None).get(address(release)).status_code == 401


def test_who_does_not_see_the_release_does_not_find_its_files(release, faces, built, as_, ann, rita, theo, clea, mara):
    unpublished = built(faces)

    assert [as_(who).get(address(release)).status_code for who in (ann, rita, theo)] == [404] * 3
    assert as_(clea).get(address(unpublished)).status_code == 404
    assert as_(mara).get(address(unpublished)).status_code == 200


@pytest.mark.parametrize("path", ["../manifest.json", "%2e%2e/manifest.json", "/etc/passwd", "pts", "pts/", "x.json"])
def test_a_path_that_is_no_file_of_the_release_is_not_found(release, as_, clea, path):
    assert as_(clea).get(f"/api/v1/releases/{release.pk}/files/{path}").status_code == 404


def test_pieces_of_one_download_are_told_once_and_each_person_and_file_apart(release, as_, clea, mara):
    for start in range(0, 300, 100):
        body(as_(clea).get(address(release), headers={"Range": f"bytes={start}-{start + 99}"}))
    body(as_(clea).get(address(release, "manifest.json")))
    body(as_(mara).get(address(release)))

    told = [(event.actor, event.facts["path"]) for event in downloads(release).order_by("id")]
    assert told == [(clea, PATH), (clea, "manifest.json"), (mara, PATH)]
