"""Releases over HTTP: who may ask, see, publish and decide."""

import pytest

from projects.audit.models import Event
from projects.deliveries.models import Release
from projects.teams import grants

pytestmark = pytest.mark.django_db
FORMATS = ["coco", "pts", "jsonl"]


@pytest.fixture
def ask(as_, django_capture_on_commit_callbacks):
    """Ask for a release, with the job run as if by a worker."""

    def asking(user, project, formats=FORMATS, **more):
        with django_capture_on_commit_callbacks(execute=True):
            return as_(user).post(f"/api/v1/projects/{project.pk}/releases", {"formats": formats, **more})

    return asking


def test_a_release_from_asking_to_acceptance(faces, label, ask, as_, mara, clea):
    label(faces, key="a.png")
    label(faces, key="b.png")

    asked = ask(mara, faces, name="first")
    found = as_(mara).get(f"/api/v1/releases/{asked.json()['id']}").json()
    published = as_(mara).post(f"/api/v1/releases/{found['id']}/publish", {})
    accepted = as_(clea).post(f"/api/v1/releases/{found['id']}/accept", {"note": "fine"})

    assert asked.status_code == 202
    assert (asked.json()["status"], asked.json()["version"], asked.json()["name"]) == ("building", 1, "first")
    assert (found["status"], found["items"], found["project"]) == ("built", 2, str(faces.pk))
    assert set(found["files"][0]) == {"path", "bytes", "sha256", "format", "download_url"}
    assert (published.status_code, published.json()["status"]) == (200, "published")
    assert (accepted.status_code, accepted.json()["status"], accepted.json()["note"]) == (200, "accepted", "fine")
    verbs = list(Event.objects.filter(subject_id=found["id"]).order_by("id").values_list("verb", flat=True))
    assert verbs == [f"release.{verb}" for verb in ("requested", "frozen", "built", "published", "accepted")]


@pytest.mark.parametrize("formats", [[], ["coco", "coco"], ["dwg"], "coco", [["coco"]], None, [1.5]])
def test_formats_that_make_no_sense_are_refused(faces, label, ask, mara, formats):
    label(faces)

    answer = ask(mara, faces, formats=formats)

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"].startswith("/formats")
    assert not Release.objects.exists()


def test_an_unknown_field_is_refused(faces, label, ask, mara):
    label(faces)

    assert ask(mara, faces, status="published").status_code == 422


def test_without_an_accepted_label_there_is_nothing_to_release(faces, ask, mara):
    answer = ask(mara, faces)

    assert (answer.status_code, answer.json()["code"]) == (409, "nothing_to_release")


def test_only_a_manager_asks_publishes_and_retries(faces, label, ask, built, as_, ann, rita, clea, theo, mara):
    label(faces)
    release = built(faces)

    assert [ask(who, faces).status_code for who in (ann, rita, clea, theo)] == [403, 403, 403, 404]
    for deed in ("publish", "retry", "accept"):
        address = f"/api/v1/releases/{release.pk}/{deed}"
        assert [as_(who).post(address, {}).status_code for who in (ann, rita, clea, theo)] == [404] * 4
    as_(mara).post(f"/api/v1/releases/{release.pk}/publish", {})
    assert as_(clea).post(f"/api/v1/releases/{release.pk}/publish", {}).status_code == 403
    assert as_(clea).post(f"/api/v1/releases/{release.pk}/retry", {}).status_code == 403


def test_a_client_sees_what_was_published_in_her_own_projects_only(
    faces, label, built, published, make, mara, as_, clea, ann, theo, ada
):
    label(faces)
    hers, not_yet = published(faces), built(faces)
    other = make.project(mara)
    label(other)
    foreign = published(other)

    def seen(who, **query):
        return [row["id"] for row in as_(who).get("/api/v1/releases", query).json()["items"]]

    assert seen(clea) == [str(hers.pk)]
    assert seen(mara) == seen(ada) == [str(hers.pk), str(not_yet.pk), str(foreign.pk)]
    assert seen(mara, project=str(faces.pk), status="built") == [str(not_yet.pk)]
    assert seen(ann) == seen(theo) == []
    assert [as_(clea).get(f"/api/v1/releases/{each.pk}").status_code for each in (hers, not_yet, foreign)] == [
        200, 404, 404,
    ]  # fmt: skip


def test_a_manager_does_not_accept_her_own_delivery(faces, label, published, as_, mara, ada):
    label(faces)
    release = published(faces)
    address = f"/api/v1/releases/{release.pk}/accept"

    assert as_(mara).post(address, {"note": "good"}).json()["code"] == "not_allowed"
    grants.found(faces, role="client", to=mara, by=ada)
    assert as_(mara).post(address, {"note": "good"}).json()["code"] == "own_work"


def test_a_rejection_says_why_and_which_items(faces, label, published, as_, clea):
    label(faces, key="a.png")
    release = published(faces)
    address = f"/api/v1/releases/{release.pk}/reject"
    objection = {"key": "a.png", "reason": "the nose is off"}

    unknown = as_(clea).post(address, {"note": "no", "items": [objection, {"key": "x.png", "reason": "?"}]})
    twice = as_(clea).post(address, {"note": "no", "items": [objection, objection]})
    silent = as_(clea).post(address, {"note": "", "items": [objection]})
    done = as_(clea).post(address, {"note": "no", "items": [objection]})

    assert unknown.status_code == twice.status_code == silent.status_code == 422
    assert unknown.json()["errors"][0]["pointer"] == "/items/1/key"
    assert silent.json()["errors"][0]["pointer"] == "/note"
    assert (done.json()["status"], done.json()["objections"]) == ("rejected", [objection])


@pytest.mark.parametrize("deed", ["publish", "retry", "accept", "reject"])
def test_a_deed_in_the_wrong_state_is_refused(faces, label, published, as_, mara, clea, deed):
    label(faces)
    release = published(faces)
    Release.objects.filter(pk=release.pk).update(status="accepted")
    who = mara if deed in ("publish", "retry") else clea

    answer = as_(who).post(f"/api/v1/releases/{release.pk}/{deed}", {"note": "x"} if who is clea else {})

    assert (answer.status_code, answer.json()["code"]) == (409, "wrong_state")


def test_a_failed_build_is_tried_again_with_what_was_frozen(
    faces, label, begun, as_, mara, django_capture_on_commit_callbacks
):
    label(faces)
    release = begun(faces)
    Release.objects.filter(pk=release.pk).update(status="failed", reason="The storage failed.", attempts=3)

    with django_capture_on_commit_callbacks(execute=True):
        answer = as_(mara).post(f"/api/v1/releases/{release.pk}/retry", {})

    assert (answer.status_code, answer.json()["status"], answer.json()["reason"]) == (202, "building", "")
    assert Release.objects.get(pk=release.pk).status == "built"


def test_the_same_key_asks_once(faces, label, as_, mara):
    label(faces)
    address, body = f"/api/v1/projects/{faces.pk}/releases", {"formats": ["coco"]}

    answers = [as_(mara).post(address, body, headers={"Idempotency-Key": "r-1"}) for _ in range(2)]

    assert answers[0].json() == answers[1].json()
    assert Release.objects.count() == 1


def test_lists_and_releases_cost_few_queries(faces, label, published, as_, clea, django_assert_max_num_queries):
    for _ in range(3):
        label(faces)
    first, *_ = [published(faces) for _ in range(4)]
    client = as_(clea)

    with django_assert_max_num_queries(4):
        client.get("/api/v1/releases")
    with django_assert_max_num_queries(4):
        client.get(f"/api/v1/releases/{first.pk}")
