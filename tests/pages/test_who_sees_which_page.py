"""Each page for each role: what is not yours is missing, and nobody reads more than her role tells her."""

import hashlib

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from projects.deliveries.models import Item, Release, ReleaseFile
from projects.labels.accept import accept
from tasks.task import Status

PICTURE = b"\x89PNG not really"
CAST = ("mara", "rita", "ann", "clea", "theo", "ada", None)


@pytest.fixture
def label(faces, make):
    """An accepted label on a stored picture."""
    asset = make.asset(faces, key="<i>first</i>.png", url="", sha256=hashlib.sha256(PICTURE).hexdigest())
    asset.file = default_storage.save(f"assets/{faces.pk}/{asset.pk}.png", ContentFile(PICTURE))
    asset.content_type, asset.bytes = "image/png", len(PICTURE)
    asset.save(update_fields=["file", "content_type", "bytes"])
    task = make.task(faces, asset=asset)
    type(task).objects.filter(pk=task.pk).update(status=Status.ACCEPTED)
    return accept(
        asset,
        **make.answer(),
        covariance=None,
        answers=2,
        agreement=0.9,
        method="median",
        method_version="1",
        checked_layers=0,
        corrected=False,
        by=None,
    )


@pytest.fixture
def release(faces, label, mara):
    """A published release of that one label."""
    release = Release.objects.create(
        project=faces, schema=faces.schema, version=1, status="published", formats=["coco"], created_by=mara
    )
    copied = {name: getattr(label.asset, name) for name in ("key", "sha256", "width", "height")}
    copied |= {name: getattr(label, name) for name in ("points", "visibility", "answers", "agreement")}
    Item.objects.create(release=release, label=label, number=1, **copied)
    ReleaseFile.objects.create(
        release=release, path="coco/a b.json", format="coco", bytes=5, sha256="0" * 64, stored_as="nowhere"
    )
    return release


@pytest.fixture
def cast(mara, rita, ann, clea, theo, ada):
    return {"mara": mara, "rita": rita, "ann": ann, "clea": clea, "theo": theo, "ada": ada, None: None}


def statuses(browse, cast, address):
    return {name: browse(user).get(address).status_code for name, user in cast.items()}


def test_home_is_everybodys_who_is_logged_in(browse, cast, release):
    found = statuses(browse, cast, "/")

    assert found == {name: 302 if name is None else 200 for name in CAST}


def test_a_project_page_is_for_those_with_a_role_on_it(browse, cast, release):
    found = statuses(browse, cast, f"/projects/{release.project_id}/")

    assert found == dict.fromkeys(CAST, 200) | {"theo": 404, None: 302}


def test_a_published_release_is_for_its_manager_and_client(browse, cast, release):
    for address in (f"/releases/{release.pk}/", f"/releases/{release.pk}/samples/1"):
        found = statuses(browse, cast, address)

        assert found == dict.fromkeys(CAST, 404) | {"mara": 200, "clea": 200, "ada": 200, None: 302}


def test_an_unpublished_release_is_its_managers_alone(browse, cast, release):
    Release.objects.filter(pk=release.pk).update(status="built")

    for address in (f"/releases/{release.pk}/", f"/releases/{release.pk}/samples/1"):
        found = statuses(browse, cast, address)

        assert found == dict.fromkeys(CAST, 404) | {"mara": 200, "ada": 200, None: 302}


def test_a_sample_is_the_picture_itself_and_only_of_this_release(browse, clea, release):
    window = browse(clea)

    sample, beyond = window.get(f"/releases/{release.pk}/samples/1"), window.get(f"/releases/{release.pk}/samples/2")

    assert b"".join(sample.streaming_content) == PICTURE
    assert sample["X-Content-Type-Options"] == "nosniff"
    assert beyond.status_code == 404


def test_an_annotator_reads_of_her_own_work_only(browse, ann, release):
    shown = browse(ann).get(f"/projects/{release.project_id}/").content.decode()

    assert "answers you have given" in shown
    for secret in (release.project.client.name, "mean agreement", "first", f"/releases/{release.pk}"):
        assert secret not in shown


def test_a_client_reads_no_names_and_sees_no_labels_that_are_not_delivered(browse, clea, release, cast):
    window = browse(clea)

    project = window.get(f"/projects/{release.project_id}/").content.decode()
    delivered = window.get(f"/releases/{release.pk}/").content.decode()

    assert "first" not in project
    assert "first" in delivered
    for page in (project, delivered):
        for name in ("annotator", *(each for each in CAST if each not in ("clea", None))):
            assert f">{name}<" not in page
            assert f" {name} " not in page
    assert "/api/v1/assets/" not in project + delivered


def test_what_people_wrote_is_text_and_never_markup(browse, mara, make, release):
    attack = "<script>alert(1)</script>"
    type(release.project).objects.filter(pk=release.project_id).update(name=attack)
    type(release.project.client).objects.filter(pk=release.project.client_id).update(name=attack)
    Release.objects.filter(pk=release.pk).update(
        name=attack, note=attack, status="rejected", decided_at="2026-01-01T00Z"
    )
    window = browse(mara)

    for address in ("/", f"/projects/{release.project_id}/", f"/releases/{release.pk}/"):
        shown = window.get(address).content.decode()

        assert attack not in shown
        assert "<i>first" not in shown
        assert "&lt;script&gt;" in shown
        assert " style=" not in shown
        assert "<style" not in shown


def test_landmarks_are_drawn_and_files_can_be_fetched(browse, clea, release):
    shown = browse(clea).get(f"/releases/{release.pk}/").content.decode()

    assert shown.count("<circle") == 5
    assert '<circle cx="30.00" cy="30.00"' in shown
    assert f'href="/api/v1/releases/{release.pk}/files/coco/a%20b.json"' in shown
    assert f"{'0' * 64}  coco/a b.json" in shown


def test_pages_take_few_queries_however_much_there_is(
    browse, mara, ann, clea, make, release, django_assert_max_num_queries
):
    people = [(ann, "annotator"), (clea, "client")]
    for _ in range(4):
        project = make.project(mara, people=people)
        make.task(project)

    for user, address, most in [
        (mara, "/", 12),
        (ann, "/", 10),
        (clea, "/", 10),
        (mara, f"/projects/{release.project_id}/", 20),
        (ann, f"/projects/{release.project_id}/", 10),
        (clea, f"/releases/{release.pk}/", 13),
    ]:
        window = browse(user)
        with django_assert_max_num_queries(most):
            assert window.get(address).status_code == 200
