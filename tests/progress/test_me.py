"""Who am I, and what awaits me."""


def test_an_annotator_learns_what_she_can_do_now(make, faces, ann, as_):
    make.task(faces)
    make.task(faces)
    as_(ann).post(f"/api/v1/projects/{faces.pk}/pull", {})

    me = as_(ann).get("/api/v1/me").json()

    assert (me["username"], me["is_admin"]) == ("ann", False)
    assert me["roles"] == [{"project": str(faces.pk), "role": "annotator"}]
    assert {(each["kind"], each["count"]) for each in me["awaiting"]} == {("held", 1), ("annotate", 1)}


def test_a_stranger_has_no_roles_and_nothing_awaits_her(theo, as_):
    me = as_(theo).get("/api/v1/me").json()

    assert (me["roles"], me["awaiting"]) == ([], [])


def test_it_costs_few_queries(make, faces, ann, as_, django_assert_max_num_queries):
    make.task(faces)
    client = as_(ann)

    with django_assert_max_num_queries(4):
        client.get("/api/v1/me")
