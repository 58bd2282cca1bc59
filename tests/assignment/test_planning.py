"""Planning: one task per asset, one open assignment per wanted answer, however often it is asked."""

from threading import Barrier, Thread

import pytest
from django.db import connections
from django.db.models import Count

from projects.audit.models import Event
from projects.errors import Invalid, NotAllowed, WrongState
from projects.project import Project
from projects.schemas.models import Schema, SchemaStatus
from tasks.assignment.models import Assignment
from tasks.assignment.planning import plan
from tasks.task import Task


def test_each_asset_gets_a_task_with_its_open_assignments(make, faces, mara):
    assets = [make.asset(faces) for _ in range(5)]

    assert plan(faces, by=mara) == (5, 10)

    assert set(Task.objects.values_list("asset", "wanted", "answers", "status", "round")) == {
        (asset.pk, 2, 0, "open", 1) for asset in assets
    }
    numbers = Assignment.objects.values_list("task").annotate(count=Count("number", distinct=True))
    assert {count for _, count in numbers} == {2}
    assert set(Assignment.objects.values_list("status", "lease_token", "project")) == {("open", 0, faces.pk)}


def test_ids_are_version_7_and_in_the_order_of_the_assets(make, faces, mara):
    assets = [make.asset(faces) for _ in range(20)]

    plan(faces, by=mara)

    tasks = Task.objects.order_by("pk")
    assert [task.asset_id for task in tasks] == [asset.pk for asset in assets]
    first = Assignment.objects.filter(number=1).order_by("pk")
    assert [each.task_id for each in first] == [task.pk for task in tasks]
    assert {(each.pk.version, each.pk.variant) for each in [*tasks, *first]} == {(7, "specified in RFC 4122")}


def test_again_it_makes_nothing_and_later_only_what_is_new(make, faces, mara):
    make.asset(faces)
    plan(faces, by=mara)
    assert plan(faces, by=mara) == (0, 0)

    make.asset(faces)

    assert plan(faces, by=mara) == (1, 2)
    assert Event.objects.filter(verb="project.planned").count() == 2


def test_only_this_projects_assets_are_planned(make, faces, mara):
    make.asset(make.project(mara))

    assert plan(faces, by=mara) == (0, 0)


def test_more_assets_than_one_statement_takes(make, faces, mara, monkeypatch):
    monkeypatch.setattr("tasks.assignment.planning.AT_ONCE", 3)
    assets = [make.asset(faces) for _ in range(8)]

    assert plan(faces, by=mara, overlap=3) == (8, 24)

    assert [task.asset_id for task in Task.objects.order_by("pk")] == [asset.pk for asset in assets]


def test_assets_are_named_by_id_or_key(make, faces, mara):
    one, two, _ = make.asset(faces), make.asset(faces), make.asset(faces)

    assert plan(faces, by=mara, assets=[str(one.pk), two.key, two.key]) == (2, 4)

    assert set(Task.objects.values_list("asset", flat=True)) == {one.pk, two.pk}


def test_a_name_that_is_not_there_is_refused_and_nothing_is_planned(make, faces, mara, theo):
    mine, other = make.asset(faces), make.asset(make.project(theo))

    with pytest.raises(Invalid) as refused:
        plan(faces, by=mara, assets=[mine.key, "no such key", str(other.pk)])

    assert [each["pointer"] for each in refused.value.errors] == ["/assets/1", "/assets/2"]
    assert not Task.objects.exists()


def test_an_overlap_of_its_own(make, faces, mara):
    make.asset(faces)

    assert plan(faces, by=mara, overlap=5) == (1, 5)


@pytest.mark.parametrize("overlap", [0, -1, 6, 10**30])
def test_an_overlap_beyond_the_policy_is_refused(make, faces, mara, overlap):
    make.asset(faces)

    with pytest.raises(Invalid) as refused:
        plan(faces, by=mara, overlap=overlap)

    assert refused.value.errors[0]["pointer"] == "/overlap"


def test_a_closed_project_is_not_planned(make, faces, mara):
    Project.objects.filter(pk=faces.pk).update(status="closed")

    with pytest.raises(WrongState, match="closed"):
        plan(faces, by=mara)


def test_nothing_is_planned_on_a_schema_that_may_still_change(make, mara):
    published = make.schema(mara)
    draft = Schema.objects.create(name="draft", points=published.points, created_by=mara, status=SchemaStatus.DRAFT)
    project = make.project(mara, schema=draft, status="draft")

    with pytest.raises(WrongState, match="Publish"):
        plan(project, by=mara)


@pytest.mark.parametrize("name", ["ann", "rita", "clea", "theo"])
def test_only_a_manager_plans(make, faces, request, name):
    with pytest.raises(NotAllowed):
        plan(faces, by=request.getfixturevalue(name))


@pytest.mark.django_db(transaction=True)
def test_two_who_plan_at_once_make_each_task_once(make, mara):
    project = make.project(mara)
    for _ in range(30):
        make.asset(project)
    start, made = Barrier(2), []

    def planning():
        start.wait()
        made.append(plan(project, by=mara))
        connections.close_all()

    threads = [Thread(target=planning) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(made) == [(0, 0), (30, 60)]
    assert Task.objects.count() == 30
    assert Assignment.objects.count() == 60


def test_through_the_api(as_, make, faces, mara):
    make.asset(faces)
    named = make.asset(faces)
    client = as_(mara)

    first = client.post(f"/api/v1/projects/{faces.pk}/plan", {"assets": [named.key], "overlap": 3})
    rest = client.post(f"/api/v1/projects/{faces.pk}/plan", {})

    assert (first.status_code, first.json()) == (200, {"tasks": 1, "assignments": 3})
    assert (rest.status_code, rest.json()) == (200, {"tasks": 1, "assignments": 2})


@pytest.mark.parametrize(("name", "status"), [("theo", 404), ("ann", 403), ("clea", 403)])
def test_the_api_refuses_others(as_, faces, request, name, status):
    answer = as_(request.getfixturevalue(name)).post(f"/api/v1/projects/{faces.pk}/plan", {})

    assert answer.status_code == status
