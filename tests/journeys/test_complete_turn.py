"""From an empty service to an accepted release, as a client outside would write it by the HTTP contract alone."""

import hashlib
import io
import json
import time
import uuid

import pytest
from PIL import Image

PASSWORD = "a long enough secret"
FACE = [[30.25, 30.125], [70.0, 30.0], [50.0, 50.0], [35.0, 70.0], [65.1, 70.3]]


def ok(answer, status=200):
    assert answer.status_code == status, f"{answer.request.method} {answer.request.url}: {answer.text}"
    return answer.json() if answer.content and "json" in answer.headers["content-type"] else answer


def a_picture(shade):
    buffer = io.BytesIO()
    Image.new("RGB", (100, 120), (shade, 120, 90)).save(buffer, "PNG")
    return buffer.getvalue()


def wait_for(ask, until, seconds=30):
    """Ask again until it is so, for a bounded time."""
    give_up_at = time.monotonic() + seconds
    while not until(answer := ask()):
        assert time.monotonic() < give_up_at, f"still {answer}"
        time.sleep(0.2)
    return answer


@pytest.fixture(scope="module")
def world(service):
    """A project with three pictures, planned and active; two annotators, a reviewer, a client."""
    admin = service.login(service.username, service.password)
    mark = uuid.uuid4().hex[:8]
    people, ids = {}, {}
    for name in ("mara", "ann", "ben", "rita", "clea", "theo"):
        username = f"{name}-{mark}"
        made = ok(admin.post("users", json={"username": username, "password": PASSWORD}), 201)
        ids[name], people[name] = made["id"], service.login(username, PASSWORD)
    client = ok(admin.post("clients", json={"name": f"Faces {mark}"}), 201)
    team = ok(admin.post("teams", json={"name": f"brows {mark}"}), 201)
    for name in ("ann", "ben"):
        ok(admin.put(f"teams/{team['id']}/members/{ids[name]}", json={}))
    schema = ok(admin.post("schemas", json={"name": f"five {mark}", "preset": "face5"}), 201)
    assert (schema["status"], len(schema["points"])) == ("draft", 5)
    ok(admin.post(f"schemas/{schema['id']}/publish", json={}))
    policy = {"overlap": 2, "max_overlap": 3, "lease_seconds": 60, "review_layers": 1, "review_share": 1.0}
    body = {"client": client["id"], "name": f"first {mark}", "schema": schema["id"], "policy": policy}
    project = ok(admin.post("projects", json=body), 201)
    grants = [{"team": team["id"], "role": "annotator"}, {"user": ids["rita"], "role": "reviewer"}]
    grants += [{"user": ids["clea"], "role": "client"}, {"user": ids["mara"], "role": "manager"}]
    for grant in grants:
        ok(admin.put(f"projects/{project['id']}/grants", json=grant))
    mara = people["mara"]
    for number in range(3):
        files = {"file": (f"face {number}.png", a_picture(number * 40), "image/png")}
        data = {"metadata": json.dumps({"key": f"face-{number}.png", "subject_id": f"s{number}"})}
        asset = ok(mara.post(f"projects/{project['id']}/assets", files=files, data=data), 201)
        assert (asset["width"], asset["height"], asset["created"]) == (100, 120, True)
        assert asset["sha256"] == hashlib.sha256(a_picture(number * 40)).hexdigest()
    assert ok(mara.post(f"projects/{project['id']}/plan", json={})) == {"tasks": 3, "assignments": 6}
    assert ok(mara.post(f"projects/{project['id']}/transition", json={"to": "active"})) == {"status": "active"}
    return people | {"admin": admin, "project": project["id"], "ids": ids, "mark": mark}


def pulled(client, project):
    body = ok(client.post(f"projects/{project}/pull", json={}), 201)
    assert {"assignment", "task", "asset", "schema", "lease", "draft"} <= set(body)
    return body


def test_the_whole_way(service, world):
    project, given = world["project"], {}
    for name in ("ann", "ben"):
        client = world[name]
        for number in range(3):
            work = pulled(client, project)
            picture = service.client().get(work["asset"]["image_url"])
            assert (picture.status_code, picture.headers["content-type"]) == (200, "image/png")
            token = work["lease"]["token"]
            draft = {"lease_token": token, "points": [FACE[0], None, None, None, None], "visibility": [2, 0, 0, 0, 0]}
            ok(client.put(f"assignments/{work['assignment']}/draft", json=draft))
            ok(client.post(f"assignments/{work['assignment']}/extend", json={"lease_token": token}))
            points = [[x + 0.1 * number, y + (0.3 if name == "ben" else 0.0)] for x, y in FACE]
            answer = {"lease_token": token, "points": points, "visibility": [2, 2, 2, 1, 2], "seconds": 12.5}
            answer["attributes"] = {"pose": "frontal"}
            key = {"Idempotency-Key": str(uuid.uuid4())}
            first = ok(client.post(f"assignments/{work['assignment']}/submit", json=answer, headers=key), 201)
            again = ok(client.post(f"assignments/{work['assignment']}/submit", json=answer, headers=key), 201)
            assert first == again
            given[name, work["asset"]["key"]] = points
            assert service.client().get(work["asset"]["image_url"]).status_code in {403, 404}
        assert client.post(f"projects/{project}/pull", json={}).status_code == 204

    mara, rita = world["mara"], world["rita"]
    waiting = {"project": project, "status": "in_review"}
    tasks = wait_for(lambda: ok(rita.get("tasks", params=waiting))["items"], lambda items: len(items) == 3)
    assert {task["answers"] for task in tasks} == {task["wanted"] for task in tasks} == {2}
    consensus = ok(rita.get(f"tasks/{tasks[0]['id']}/consensus"))
    assert {"points", "covariance", "visibility", "answers", "agreement", "method", "version"} <= set(consensus)
    assert consensus["answers"] == 2

    raw = mara.get(f"projects/{project}/answers")
    assert raw.headers["content-type"].startswith("application/x-ndjson")
    rows = [json.loads(line) for line in raw.text.splitlines()]
    told = {(row["annotator"].split("-")[0], row["asset"]): row["points"] for row in rows}
    assert told == given

    for verdict in ("accept", "correct", "accept"):
        review = ok(rita.post(f"projects/{project}/review/pull", json={}), 201)
        assert service.client().get(review["asset"]["image_url"]).status_code == 200
        body = {"verdict": verdict, "note": "seen"}
        if verdict == "correct":
            body |= {"points": FACE, "visibility": [2, 2, 2, 2, 2]}
        ok(rita.post(f"reviews/{review['review']}/decide", json=body))
    wait_for(lambda: ok(mara.get(f"projects/{project}/progress")), lambda progress: progress["tasks"]["accepted"] == 3)
    progress = ok(world["clea"].get(f"projects/{project}/progress"))
    assert (progress["assets"], progress["answers"]) == (3, 6)

    asked = ok(mara.post(f"projects/{project}/releases", json={"formats": ["coco", "pts", "jsonl"]}), 202)
    assert (asked["status"], asked["version"]) == ("building", 1)
    built = wait_for(lambda: ok(mara.get(f"releases/{asked['id']}")), lambda release: release["status"] == "built")
    assert built["items"] == 3
    clea = world["clea"]
    assert clea.get(f"releases/{asked['id']}").status_code == 404
    ok(mara.post(f"releases/{asked['id']}/publish", json={}))
    release = ok(clea.get(f"releases/{asked['id']}"))
    files = {}
    for file in release["files"]:
        answer = clea.get(f"releases/{asked['id']}/files/{file['path']}")
        assert answer.status_code == 200
        assert hashlib.sha256(answer.content).hexdigest() == file["sha256"]
        assert len(answer.content) == int(answer.headers["content-length"]) == file["bytes"]
        half = clea.get(f"releases/{asked['id']}/files/{file['path']}", headers={"Range": "bytes=5-"})
        assert (half.status_code, half.content) == (206, answer.content[5:])
        files[file["path"]] = answer.content
    labels = [
        json.loads(line) for path, body in files.items() if path.endswith("labels.jsonl") for line in body.splitlines()
    ]
    assert {label["key"] for label in labels} == {"face-0.png", "face-1.png", "face-2.png"}
    assert sum(label["points"] == FACE for label in labels) == 1
    past_the_end = clea.get(f"releases/{asked['id']}/files/manifest.json", headers={"Range": "bytes=99999999-"})
    assert past_the_end.status_code == 416
    ok(clea.post(f"releases/{asked['id']}/accept", json={"note": "good"}))
    assert ok(mara.get(f"releases/{asked['id']}"))["status"] == "accepted"

    events = [event["verb"] for event in ok(mara.get("events", params={"project": project, "limit": 200}))["items"]]
    for verb in ("assignment.taken", "annotation.submitted", "consensus.merged", "review.decided", "release.accepted"):
        assert verb in events


def test_a_stranger_finds_nothing(world):
    theo, project = world["theo"], world["project"]

    for path in (f"projects/{project}", f"projects/{project}/progress", f"projects/{project}/answers"):
        assert theo.get(path).status_code == 404
    assert theo.post(f"projects/{project}/pull", json={}).status_code == 404


def test_a_lost_lease_keeps_the_answer_as_a_draft(world):
    mara, project, ann, ben = world["mara"], world["project"], world["ann"], world["ben"]
    ok(mara.patch(f"projects/{project}", json={"policy": {"lease_seconds": 1}}))
    item = {"key": f"late-{uuid.uuid4().hex}.png", "url": "https://example.org/late.png", "width": 100, "height": 120}
    ok(mara.post(f"projects/{project}/assets", json={"items": [item]}), 201)
    ok(mara.post(f"projects/{project}/plan", json={"overlap": 1}))
    work = pulled(ann, project)
    time.sleep(1.5)
    other = pulled(ben, project)
    assert other["assignment"] == work["assignment"]
    answer = {"lease_token": work["lease"]["token"], "points": FACE, "visibility": [2] * 5, "seconds": 3}

    late = ann.post(f"assignments/{work['assignment']}/submit", json=answer)

    assert (late.status_code, late.json()["code"]) == (409, "lease_lost")
    ok(ben.post(f"assignments/{work['assignment']}/release", json={"lease_token": other["lease"]["token"]}))
    again = pulled(ann, project)
    assert (again["task"], again["draft"]["points"]) == (work["task"], FACE)
