"""COCO keypoints."""

import json

from tests.formats.sample import HALF, ITEMS, WHOLE, read_coco, written


def test_labelled_points_come_back_to_the_last_bit():
    found = read_coco(written("coco")["annotations.json"])

    assert found == {item.key: (list(item.points), list(item.visibility)) for item in ITEMS}


def test_keypoints_stand_in_the_schemas_order_with_a_skeleton_that_counts_from_one():
    category = json.loads(written("coco")["annotations.json"])["categories"][0]

    assert category["keypoints"] == ["left_eye", "right_eye", "nose", "left_mouth", "right_mouth"]
    assert category["skeleton"] == [[1, 2], [3, 4], [4, 5], [5, 3]]


def test_a_point_that_is_not_labelled_is_three_zeros_and_does_not_count():
    annotation = json.loads(written("coco", [HALF])["annotations.json"])["annotations"][0]

    assert annotation["keypoints"][:3] == [0, 0, 0]
    assert annotation["num_keypoints"] == 3
    assert annotation["bbox"] == [35.0, 30.0, 35.0, 40.0]
    assert annotation["area"] == 1400.0


def test_an_occluded_point_counts_as_labelled():
    annotation = json.loads(written("coco", [WHOLE])["annotations.json"])["annotations"][0]

    assert annotation["keypoints"][8] == 1
    assert annotation["num_keypoints"] == 5


def test_an_image_at_an_address_of_the_clients_names_it():
    images = json.loads(written("coco")["annotations.json"])["images"]

    assert "coco_url" not in images[0]
    assert images[1]["coco_url"] == "https://example.org/b.png"
    assert images[1]["width"] is None


def test_what_coco_has_no_field_for_is_delivered_too():
    document = json.loads(written("coco")["annotations.json"])
    more = document["annotations"][0]["canthus"]

    assert more == {
        "covariance": WHOLE.covariance,
        "answers": 3,
        "agreement": 0.9375,
        "provenance": WHOLE.provenance,
    }
    assert "centre of the top-left pixel" in document["info"]["about"]


def test_a_release_without_items_is_still_a_document():
    assert json.loads(written("coco", [])["annotations.json"])["images"] == []
