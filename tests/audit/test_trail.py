"""The audit trail."""

import pytest
from django.db import connection, transaction
from django.db.utils import DatabaseError

from projects.audit.models import Event


def test_each_deed_leaves_its_event(mara, as_):
    as_(mara).post("/api/v1/clients", {"name": "Faces Ltd"})

    event = Event.objects.get(verb="client.created")

    assert (event.actor, event.subject_kind, event.facts) == (mara, "client", {"name": "Faces Ltd"})


@pytest.mark.parametrize("statement", ["UPDATE projects_event SET verb = 'x'", "DELETE FROM projects_event"])
def test_what_was_recorded_stays(mara, as_, statement):
    as_(mara).post("/api/v1/clients", {"name": "Faces Ltd"})

    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_a_manager_reads_the_events_of_her_projects_only(make, mara, theo, ada, as_):
    hers, his = make.project(mara), make.project(theo)
    for manager, project in ((mara, hers), (theo, his)):
        as_(manager).post(f"/api/v1/projects/{project.pk}/transition", {"to": "paused"})

    seen = as_(mara).get("/api/v1/events", {"verb": "project.moved"}).json()["items"]

    assert [event["project_id"] for event in seen] == [str(hers.pk)]
    assert len(as_(ada).get("/api/v1/events", {"verb": "project.moved"}).json()["items"]) == 2


def test_an_annotator_reads_no_events(faces, ann, as_):
    assert as_(ann).get("/api/v1/events").status_code == 403


def test_the_list_costs_few_queries(faces, mara, as_, django_assert_max_num_queries):
    client = as_(mara)

    with django_assert_max_num_queries(4):
        client.get("/api/v1/events", {"project": str(faces.pk)})
