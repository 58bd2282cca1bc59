"""The export of every submitted answer, exactly as it came."""

import json

import pytest

from projects.audit.models import Event
from tasks.progress import export
from tests.answers import an_annotation

API = "/api/v1"
ODD = [[0.1 + 0.2, 1 / 3], None, [5e-324, 99.49999999999999], [35.0, 70.0], [2**0.5, 65.0]]


def lines_of(answer):
    return [json.loads(line) for line in b"".join(answer.streaming_content).splitlines()]


def test_every_answer_comes_out_as_it_went_in(as_, make, faces, ann, ben, mara):
    task = make.task(faces)
    attributes = {"pose": "frontal", "ok": True, "depth": [1, 2.5, None], "é": "ü"}
    first = an_annotation(task, ann, points=ODD, visibility=[2, 0, 1, 2, 2], attributes=attributes)
    an_annotation(task, ben, shift=1 / 7)

    answer = as_(mara).get(f"{API}/projects/{faces.pk}/answers")
    lines = lines_of(answer)

    assert answer.headers["Content-Type"] == "application/x-ndjson"
    assert [line["annotator"] for line in lines] == ["ann", "ben"]
    assert lines[0]["points"] == ODD
    assert (lines[0]["visibility"], lines[0]["attributes"], lines[0]["seconds"]) == ([2, 0, 1, 2, 2], attributes, 30.0)
    assert (lines[0]["task"], lines[0]["assignment"]) == (str(task.pk), str(first.assignment_id))
    assert (lines[0]["asset"], lines[0]["asset_id"], lines[0]["round"]) == (task.asset.key, str(task.asset_id), 1)
    assert lines[0]["submitted_at"].endswith("+00:00")
    assert Event.objects.get(verb="answers.exported").actor == mara


def test_many_answers_come_batch_by_batch_each_once(
    as_, make, faces, ann, mara, monkeypatch, django_assert_num_queries
):
    monkeypatch.setattr(export, "BATCH", 3)
    for _ in range(7):
        an_annotation(make.task(faces), ann)

    lines = export.export_answers(faces, by=mara)
    with django_assert_num_queries(4):
        found = b"".join(lines).splitlines()

    assert len({json.loads(line)["annotation"] for line in found}) == len(found) == 7


def test_answers_of_other_projects_stay_out(as_, make, faces, ann, mara):
    an_annotation(make.task(make.project(mara)), ann)

    assert lines_of(as_(mara).get(f"{API}/projects/{faces.pk}/answers")) == []


@pytest.mark.parametrize("accept", ["application/x-ndjson", "application/json", "*/*"])
def test_a_client_may_name_the_type_that_it_gets(as_, faces, mara, accept):
    assert as_(mara).get(f"{API}/projects/{faces.pk}/answers", HTTP_ACCEPT=accept).status_code == 200
