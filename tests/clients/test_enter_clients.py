"""Clients."""


def test_a_manager_enters_a_client_and_sees_it(mara, as_):
    made = as_(mara).post("/api/v1/clients", {"name": "Faces Ltd"})

    assert made.status_code == 201
    assert [each["name"] for each in as_(mara).get("/api/v1/clients").json()["items"]] == ["Faces Ltd"]


def test_a_client_is_renamed_by_who_entered_it_only(mara, theo, ada, as_):
    client = as_(mara).post("/api/v1/clients", {"name": "Faces Ltd"}).json()

    assert as_(theo).patch(f"/api/v1/clients/{client['id']}", {"name": "Theo's"}).status_code == 404
    assert as_(ada).patch(f"/api/v1/clients/{client['id']}", {"name": "Faces plc"}).json()["name"] == "Faces plc"


def test_the_same_name_twice_is_refused(mara, as_):
    as_(mara).post("/api/v1/clients", {"name": "Faces Ltd"})

    assert as_(mara).post("/api/v1/clients", {"name": "Faces Ltd"}).status_code == 409


def test_an_annotator_sees_no_clients(ann, as_):
    assert as_(ann).get("/api/v1/clients").status_code == 403
