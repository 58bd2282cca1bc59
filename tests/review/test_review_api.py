"""The endpoints of review."""

from io import BytesIO

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from PIL import Image

from projects.datasets.models import Asset
from tasks.review import lease
from tasks.review.models import Review
from tests.make import SQUARE
from tests.review.test_take_reviews import lapse

API = "/api/v1"
MOVED = [[10.0, 10.0], *SQUARE[1:]]


def pull(client, project):
    return client.post(f"{API}/projects/{project.pk}/review/pull", {})


def test_a_reviewer_pulls_what_was_merged_and_learns_nobodys_name(as_, checked, merged, rita, ann):
    task = merged(checked)

    answer = pull(as_(rita), checked)

    piece = answer.json()
    assert answer.status_code == 201
    assert (piece["task"], piece["layer"], piece["schema"]) == (str(task.pk), 1, str(checked.schema_id))
    assert piece["asset"] == {
        "id": str(task.asset_id),
        "key": task.asset.key,
        "image_url": task.asset.url,
        "width": 100,
        "height": 100,
    }
    assert piece["consensus"]["points"] == [[x + 1.0, y] for x, y in SQUARE]
    assert [len(row) for row in piece["consensus"]["covariance"][0]] == [2, 2]
    assert (piece["consensus"]["answers"], piece["consensus"]["method"]) == (2, "median")
    assert set(piece["lease"]) == {"token", "until"}
    assert str(ann.pk) not in answer.content.decode()


def test_with_nothing_to_review_the_answer_is_empty(as_, checked, rita):
    assert pull(as_(rita), checked).status_code == 204


def test_a_parked_task_has_no_consensus(as_, checked, parked, rita):
    parked(checked)

    assert pull(as_(rita), checked).json()["consensus"] is None


def test_pulling_is_for_reviewers(as_, checked, merged, mara, ann, clea, theo):
    merged(checked)

    assert [pull(as_(person), checked).status_code for person in (mara, ann, clea, theo, None)] == [
        *(403, 403, 403),
        404,
        401,
    ]


def test_accepting_tells_the_task_and_its_status(as_, checked, merged, rita):
    task = merged(checked)
    client = as_(rita)
    review = pull(client, checked).json()["review"]

    answers = [client.post(f"{API}/reviews/{review}/decide", {"verdict": "accept"}) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [200, 200]
    assert answers[0].json() == answers[1].json() == {"task": str(task.pk), "status": "accepted"}


def test_the_second_reviewer_sees_the_correction_of_the_first(as_, twice_checked, merged, rita, rob):
    merged(twice_checked)
    review = pull(as_(rita), twice_checked).json()["review"]
    body = {"verdict": "correct", "points": MOVED, "visibility": [2] * 5, "note": "the eye", "lease_token": "1"}
    assert as_(rita).post(f"{API}/reviews/{review}/decide", body).status_code == 200

    piece = pull(as_(rob), twice_checked).json()

    assert piece["layer"] == 2
    assert piece["consensus"]["points"] == MOVED
    assert piece["consensus"]["covariance"][0] is None


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({}, "/verdict"),
        ({"verdict": "maybe"}, "/verdict"),
        ({"verdict": "correct"}, "/points"),
        ({"verdict": "accept", "points": MOVED}, "/points"),
        ({"verdict": "accept", "reviewer": "rob"}, "/reviewer"),
        ({"verdict": "accept", "lease_token": "x"}, "/lease_token"),
        ({"verdict": "correct", "points": MOVED, "visibility": [2, 2, 2, 2, 3]}, "/visibility/4"),
    ],
)
def test_a_bad_body_is_refused_with_a_pointer(as_, checked, merged, rita, body, pointer):
    merged(checked)
    review = pull(as_(rita), checked).json()["review"]

    answer = as_(rita).post(f"{API}/reviews/{review}/decide", body)

    assert answer.status_code == 422
    assert pointer in [error["pointer"] for error in answer.json()["errors"]]


def test_a_lost_lease_is_told_by_its_code(as_, checked, merged, rita, rob):
    merged(checked)
    review = pull(as_(rita), checked).json()["review"]
    lapse(Review.objects.get(pk=review))
    pull(as_(rob), checked)

    answer = as_(rita).post(f"{API}/reviews/{review}/decide", {"verdict": "accept"})

    assert (answer.status_code, answer.json()["code"]) == (409, "lease_lost")


def test_deciding_and_releasing_are_for_reviewers(as_, checked, merged, mara, ann, clea, theo, rita):
    merged(checked)
    review = pull(as_(rita), checked).json()["review"]

    for deed, body in (("decide", {"verdict": "accept"}), ("release", {})):
        found = [
            as_(person).post(f"{API}/reviews/{review}/{deed}", body).status_code for person in (mara, ann, clea, theo)
        ]
        assert found == [403, 404, 404, 404]


def test_a_released_review_is_there_for_others(as_, checked, merged, rita, rob):
    merged(checked)
    review = pull(as_(rita), checked).json()["review"]

    answer = as_(rita).post(f"{API}/reviews/{review}/release", {})

    assert (answer.status_code, answer.json()) == (200, {"review": review})
    assert pull(as_(rob), checked).json()["review"] == review


def test_a_reviewer_reads_her_own_review_again_and_nobody_elses(as_, checked, merged, rita, rob, mara):
    merged(checked)
    piece = pull(as_(rita), checked).json()

    again = as_(rita).get(f"{API}/reviews/{piece['review']}")

    assert again.json() == piece
    assert as_(rob).get(f"{API}/reviews/{piece['review']}").status_code == 404
    assert as_(mara).get(f"{API}/reviews/{piece['review']}").status_code == 404


def test_the_list_is_for_those_who_inspect_and_is_narrowed_by_filters(
    as_, checked, merged, rita, mara, ann, clea, theo, django_assert_max_num_queries
):
    merged(checked), merged(checked)
    pull(as_(rita), checked)
    client = as_(mara)

    with django_assert_max_num_queries(5):
        answer = client.get(f"{API}/reviews?project={checked.pk}")

    assert len(answer.json()["items"]) == 2
    assert len(as_(rita).get(f"{API}/reviews?status=leased").json()["items"]) == 1
    assert [len(as_(person).get(f"{API}/reviews").json()["items"]) for person in (ann, clea, theo)] == [0, 0, 0]
    assert as_(rita).get(f"{API}/reviews?status=lost").status_code == 422


def test_the_picture_is_shown_while_the_review_is_in_hand_and_no_longer(as_, checked, merged, rita, client):
    task = merged(checked)
    picture = BytesIO()
    Image.new("RGB", (100, 100), "grey").save(picture, "PNG")
    name = default_storage.save("assets/picture.png", ContentFile(picture.getvalue()))
    Asset.objects.filter(pk=task.asset_id).update(
        file=name, content_type="image/png", bytes=len(picture.getvalue()), sha256="0" * 64
    )
    address = pull(as_(rita), checked).json()["asset"]["image_url"]

    shown = client.get(address)
    assert shown.status_code == 200
    assert b"".join(shown.streaming_content) == picture.getvalue()
    assert client.get(address[:-3] + "abc").status_code == 403

    lease.release(Review.objects.get().pk, reviewer=rita)
    assert (client.get(address).status_code, client.get(address).json()["code"]) == (403, "link_expired")
