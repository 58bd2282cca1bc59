"""Projects: set up, changed, moved, and who sees what."""

import pytest

URL = "/api/v1/projects"


@pytest.fixture
def order(mara, as_):
    """What a manager needs before the project."""
    client = as_(mara).post("/api/v1/clients", {"name": "Faces Ltd"}).json()
    schema = as_(mara).post("/api/v1/schemas", {"name": "faces", "preset": "face5"}).json()
    return {"client": client["id"], "schema": schema["id"], "name": "five points"}


def test_a_new_project_is_a_draft_managed_by_its_founder(mara, as_, order):
    made = as_(mara).post(URL, order | {"policy": {"overlap": 3, "lease_seconds": 60}})

    assert made.status_code == 201
    assert made.json()["status"] == "draft"
    assert made.json()["policy"]["overlap"] == 3
    assert as_(mara).get("/api/v1/me").json()["roles"] == [{"project": made.json()["id"], "role": "manager"}]


@pytest.mark.parametrize(
    ("policy", "pointer"),
    [
        ({"overlap": 0}, "/policy/overlap"),
        ({"overlap": "3"}, "/policy/overlap"),
        ({"overlap": True}, "/policy/overlap"),
        ({"overlap": 4, "max_overlap": 3}, "/policy/max_overlap"),
        ({"review_layers": 3}, "/policy/review_layers"),
        ({"review_share": 1.5}, "/policy/review_share"),
        ({"merger": "mean"}, "/policy/merger"),
        ({"overlpa": 3}, "/policy/overlpa"),
        ([], "/policy"),
    ],
)
def test_a_policy_that_cannot_be_worked_by_is_refused(mara, as_, order, policy, pointer):
    answer = as_(mara).post(URL, order | {"policy": policy})

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == pointer


def test_work_begins_only_by_a_published_schema(mara, as_, order):
    project = as_(mara).post(URL, order).json()

    refused = as_(mara).post(f"{URL}/{project['id']}/transition", {"to": "active"})
    as_(mara).post(f"/api/v1/schemas/{order['schema']}/publish", {})
    moved = as_(mara).post(f"{URL}/{project['id']}/transition", {"to": "active"})

    assert (refused.status_code, refused.json()["code"]) == (409, "schema_not_published")
    assert (moved.status_code, moved.json()) == (200, {"status": "active"})


def test_a_move_without_an_arrow_is_refused(make, mara, as_):
    project = make.project(mara, status="active")

    assert as_(mara).post(f"{URL}/{project.pk}/transition", {"to": "draft"}).status_code == 409
    assert as_(mara).post(f"{URL}/{project.pk}/transition", {"to": "nowhere"}).status_code == 422


def test_a_foreign_client_or_schema_cannot_be_used(mara, theo, as_, order):
    answer = as_(theo).post(URL, order)

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == "/client"


def test_an_annotator_and_a_client_see_the_project_but_not_its_rules(faces, ann, clea, as_):
    for somebody in (ann, clea):
        seen = as_(somebody).get(f"{URL}/{faces.pk}")
        assert seen.status_code == 200
        assert "policy" not in seen.json()


def test_a_stranger_finds_nothing(faces, theo, as_):
    assert as_(theo).get(f"{URL}/{faces.pk}").status_code == 404
    assert as_(theo).get(URL).json() == {"items": [], "next": None}
    assert as_(theo).post(f"{URL}/{faces.pk}/transition", {"to": "paused"}).status_code == 404


def test_an_annotator_changes_nothing(faces, ann, as_):
    assert as_(ann).patch(f"{URL}/{faces.pk}", {"name": "mine"}).status_code == 403
    assert as_(ann).post(f"{URL}/{faces.pk}/transition", {"to": "paused"}).status_code == 403
    assert as_(ann).put(f"{URL}/{faces.pk}/grants", {"user": str(ann.pk), "role": "manager"}).status_code == 403


def test_a_rule_is_changed_and_the_others_stay(faces, mara, as_):
    changed = as_(mara).patch(f"{URL}/{faces.pk}", {"policy": {"lease_seconds": 90}}).json()

    assert changed["policy"]["lease_seconds"] == 90
    assert changed["policy"]["overlap"] == 2


def test_the_list_costs_the_same_however_long(make, mara, as_, django_assert_max_num_queries):
    for _ in range(12):
        make.project(mara)
    client = as_(mara)

    with django_assert_max_num_queries(3):
        page = client.get(URL, {"limit": 5}).json()

    assert len(page["items"]) == 5
    following = client.get(page["next"]).json()
    assert not {each["id"] for each in page["items"]} & {each["id"] for each in following["items"]}


def test_a_parameter_that_is_no_filter_is_refused(mara, as_):
    answer = as_(mara).get(URL, {"created_by__password__startswith": "a"})

    assert answer.status_code == 422
