"""The forms on a release's page: publishing it, accepting it, rejecting it."""

import pytest

from projects.deliveries.models import Release


@pytest.fixture
def release(faces, mara):
    return Release.objects.create(
        project=faces, schema=faces.schema, version=1, status="published", formats=["coco"], created_by=mara
    )


def decide(window, release, **body):
    answer = window.post(f"/releases/{release.pk}/decision", body)
    release.refresh_from_db()
    return answer


def test_a_client_accepts(browse, clea, release):
    answer = decide(browse(clea), release, verdict="accept", note="Fine.")

    assert answer.url == f"/releases/{release.pk}/"
    assert (release.status, release.note, release.decided_by) == ("accepted", "Fine.", clea)


def test_a_client_rejects_and_says_why(browse, clea, release):
    window = browse(clea)

    silent = decide(window, release, verdict="reject", note="")
    assert (silent.status_code, release.status) == (422, "published")
    assert b"Say what is to be mended" in silent.content

    decide(window, release, verdict="reject", note="Lips are off.")
    assert (release.status, release.note) == ("rejected", "Lips are off.")


def test_a_decision_is_final(browse, clea, release):
    window = browse(clea)
    decide(window, release, verdict="accept")

    again = decide(window, release, verdict="reject", note="No.")

    assert (again.status_code, release.status) == (409, "accepted")
    assert b"Not possible now" in again.content


@pytest.mark.parametrize(("who", "status"), [("mara", 403), ("ann", 404), ("rita", 404), ("theo", 404)])
def test_nobody_decides_for_the_client(browse, release, request, who, status):
    answer = decide(browse(request.getfixturevalue(who)), release, verdict="accept")

    assert (answer.status_code, release.status) == (status, "published")


@pytest.mark.parametrize(("who", "status", "after"), [("mara", 302, "published"), ("clea", 404, "built")])
def test_only_the_manager_publishes(browse, release, request, who, status, after):
    Release.objects.filter(pk=release.pk).update(status="built")

    answer = browse(request.getfixturevalue(who)).post(f"/releases/{release.pk}/publication")

    release.refresh_from_db()
    assert (answer.status_code, release.status) == (status, after)
