"""Teams and what being in one gives."""

from projects.teams.rights import holds


def test_a_team_brings_its_roles_to_its_members(make, mara, ann, as_):
    project = make.project(mara)
    team = as_(mara).post("/api/v1/teams", {"name": "brows"}).json()

    assert as_(mara).put(f"/api/v1/teams/{team['id']}/members/{ann.pk}", {}).status_code == 200
    given = as_(mara).put(f"/api/v1/projects/{project.pk}/grants", {"team": team["id"], "role": "annotator"})

    assert given.status_code == 200
    assert holds(ann, "annotate", project)
    assert as_(ann).get("/api/v1/me").json()["roles"] == [{"project": str(project.pk), "role": "annotator"}]


def test_who_leaves_the_team_loses_its_roles_at_once(make, mara, ann, as_):
    project = make.project(mara)
    team = as_(mara).post("/api/v1/teams", {"name": "brows"}).json()
    as_(mara).put(f"/api/v1/teams/{team['id']}/members/{ann.pk}", {})
    as_(mara).put(f"/api/v1/projects/{project.pk}/grants", {"team": team["id"], "role": "annotator"})

    left = as_(mara).delete(f"/api/v1/teams/{team['id']}/members/{ann.pk}")

    assert left.status_code == 204
    assert not holds(ann, "annotate", project)


def test_joining_twice_is_joining_once(mara, ann, as_):
    team = as_(mara).post("/api/v1/teams", {"name": "brows"}).json()

    for _ in range(2):
        answer = as_(mara).put(f"/api/v1/teams/{team['id']}/members/{ann.pk}", {})

    assert [member["username"] for member in answer.json()["members"]] == ["ann"]


def test_a_stranger_finds_no_foreign_team(mara, theo, ann, as_):
    team = as_(mara).post("/api/v1/teams", {"name": "brows"}).json()

    assert as_(theo).put(f"/api/v1/teams/{team['id']}/members/{theo.pk}", {}).status_code == 404
    assert as_(theo).get(f"/api/v1/teams/{team['id']}").status_code == 404
    assert as_(theo).get("/api/v1/teams").json()["items"] == []


def test_an_annotator_founds_no_team(ann, as_):
    assert as_(ann).post("/api/v1/teams", {"name": "mine"}).status_code == 403
