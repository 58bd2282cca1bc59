"""Looking at what was brought in, and at the pictures themselves."""

import io
from urllib.parse import unquote

import pytest
from django.core import signing
from django.test import RequestFactory

from projects.datasets import storage
from projects.datasets.intake.describe import Description
from projects.datasets.intake.register import register
from projects.datasets.intake.take import add_image
from projects.datasets.models import Asset
from tests.datasets.pictures import encoded


@pytest.fixture
def kept(faces, mara):
    """A picture that lies in our own storage."""
    about = Description(key='evil"; x.html', subject_id="anna", sequence="walk", frame=2, dataset="second")
    return add_image(faces, io.BytesIO(encoded()), about, by=mara)[0]


def picture(client, asset, **headers):
    return client.get(f"/api/v1/assets/{asset.pk}/image", headers=headers)


def test_an_asset_is_shown_with_all_that_is_known_of_it(kept, mara, as_):
    body = as_(mara).get(f"/api/v1/assets/{kept.pk}").json()

    assert body["key"] == 'evil"; x.html'
    assert (body["subject_id"], body["sequence"], body["frame"], body["dataset"]) == ("anna", "walk", 2, "second")
    assert (body["width"], body["height"], body["content_type"]) == (40, 30, "image/png")
    assert body["image_url"].endswith(f"/api/v1/assets/{kept.pk}/image")
    assert "file" not in body


def test_assets_are_listed_in_pages_and_found_by_what_they_are(kept, faces, mara, as_):
    register(faces, [Description(key=f"k{n}", subject_id="ben") for n in range(5)], by=mara)
    path = f"/api/v1/projects/{faces.pk}/assets"

    def keys(query):
        return [each["key"] for each in as_(mara).get(f"{path}?{query}").json()["items"]]

    first = as_(mara).get(f"{path}?limit=4").json()
    rest = as_(mara).get(first["next"]).json()
    assert [each["key"] for each in first["items"] + rest["items"]] == [kept.key, "k0", "k1", "k2", "k3", "k4"]
    assert rest["next"] is None
    assert keys("subject_id=ben&limit=2") == ["k0", "k1"]
    assert keys("key=k3") == ["k3"]
    assert keys("sequence=walk") == keys("dataset=second") == [kept.key]
    assert keys("subject_id=nobody") == []


@pytest.mark.parametrize("query", ["project__created_by__password__startswith=a", "_connector=OR", "key=a%00b"])
def test_a_filter_that_is_not_offered_or_cannot_be_is_refused(kept, faces, mara, as_, query):
    response = as_(mara).get(f"/api/v1/projects/{faces.pk}/assets?{query}")

    assert response.status_code == 422


def test_a_page_of_assets_takes_the_same_few_queries_however_long_it_is(
    kept, faces, mara, as_, django_assert_max_num_queries
):
    register(faces, [Description(key=f"k{n}", sequence=f"s{n}") for n in range(150)], by=mara)
    client = as_(mara)

    with django_assert_max_num_queries(5):
        body = client.get(f"/api/v1/projects/{faces.pk}/assets?limit=200").json()

    assert len(body["items"]) == 151


def test_a_picture_is_sent_as_a_picture_and_nothing_else(kept, mara, as_):
    response = picture(as_(mara), kept, Accept="image/*")

    assert response.status_code == 200
    assert response["Content-Type"] == "image/png"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Disposition"] == 'inline; filename="evil_x.png"'
    assert response["ETag"] == f'"{kept.sha256}"'
    assert len(b"".join(response.streaming_content)) == int(response["Content-Length"]) == kept.bytes


def test_a_picture_that_was_seen_is_not_sent_again_and_a_part_can_be_had(kept, mara, as_):
    again = picture(as_(mara), kept, **{"If-None-Match": f'"{kept.sha256}"'})
    part = picture(as_(mara), kept, Range="bytes=0-7")

    assert again.status_code == 304
    assert (part.status_code, b"".join(part.streaming_content)) == (206, b"\x89PNG\r\n\x1a\n")


def test_a_picture_that_is_not_kept_here_is_said_to_be_elsewhere(make, faces, mara, as_):
    asset = make.asset(faces)

    response = picture(as_(mara), asset)

    assert (response.status_code, response.json()["code"]) == (404, "no_picture")


def test_managers_see_assets_and_whoever_inspects_sees_pictures(kept, faces, mara, rita, ann, clea, theo, ada, as_):
    paths = [f"assets/{kept.pk}", f"projects/{faces.pk}/assets"]
    people = [mara, ada, rita, ann, clea, theo, None]

    seen = [[as_(person).get(f"/api/v1/{path}").status_code for person in people] for path in paths]
    pictures = [picture(as_(person), kept).status_code for person in people]

    assert seen == [[200, 200, 403, 404, 404, 404, 401], [200, 200, 403, 403, 403, 404, 401]]
    assert pictures == [200, 200, 200, 404, 404, 404, 401]


def test_a_signed_address_carries_what_was_claimed(kept):
    request = RequestFactory().get("/", headers={"Host": "localhost"})

    address = storage.image_url(kept, request, path="/api/v1/assignments/7/image", person="ann", lease="t0k3n")
    claims = storage.read(unquote(address.partition("token=")[2]))

    assert address.startswith("http://localhost/api/v1/assignments/7/image?token=")
    assert claims == {"asset": str(kept.pk), "person": "ann", "lease": "t0k3n"}


def test_a_signed_address_that_was_changed_or_is_old_is_refused(kept, settings):
    token = storage.sign(kept, {})
    other = signing.dumps({"asset": str(kept.pk)}, salt="another")

    for bad in (token[:-1] + ("A" if token[-1] != "A" else "B"), "", "nonsense", other):
        with pytest.raises(storage.LinkExpired):
            storage.read(bad)
    settings.LINK_LIFETIME = -settings.LINK_LIFETIME
    with pytest.raises(storage.LinkExpired):
        storage.read(token)


def test_a_picture_elsewhere_has_its_own_address_and_one_without_has_none(make, faces, mara):
    request = RequestFactory().get("/")
    elsewhere = make.asset(faces, url="https://example.org/x.png")
    register(faces, [Description(key="fish")], by=mara)

    assert storage.image_url(elsewhere, request, path="/x") == "https://example.org/x.png"
    assert storage.image_url(Asset.objects.get(key="fish"), request, path="/x") is None
