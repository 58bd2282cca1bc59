"""Gold: versions of what a manager knows to be right."""

import pytest

from projects.audit.models import Event
from projects.errors import Invalid, NotAllowed
from tasks.calibration.gold import set_gold
from tasks.calibration.models import Gold


def test_an_asset_becomes_gold(make, faces, mara):
    asset = make.asset(faces)

    gold = set_gold(asset, by=mara, **make.answer())

    gold.refresh_from_db()
    assert (gold.version, gold.points, gold.retired_at, gold.made_by) == (1, make.answer()["points"], None, mara)
    assert Event.objects.get(verb="gold.set").project_id == faces.pk


def test_a_correction_is_another_version_and_retires_the_one_before(make, faces, mara):
    asset = make.asset(faces)
    first = set_gold(asset, by=mara, **make.answer())

    second = set_gold(asset, by=mara, **make.answer(1))

    first.refresh_from_db()
    assert second.version == 2
    assert first.retired_at is not None
    assert Gold.objects.get(asset=asset, retired_at=None) == second


def test_the_same_again_is_no_new_version(make, faces, mara):
    asset = make.asset(faces)

    assert set_gold(asset, by=mara, **make.answer()) == set_gold(asset, by=mara, **make.answer())

    assert Gold.objects.count() == 1


def test_back_to_an_older_content_is_a_version_of_its_own(make, faces, mara):
    asset = make.asset(faces)
    for shift in (0, 1, 0):
        gold = set_gold(asset, by=mara, **make.answer(shift))

    assert gold.version == 3


def test_it_is_checked_like_an_answer(make, faces, mara):
    with pytest.raises(Invalid) as refused:
        set_gold(make.asset(faces), by=mara, **make.answer(500))

    assert {each["pointer"] for each in refused.value.errors} == {f"/points/{index}" for index in range(5)}


@pytest.mark.parametrize("name", ["ann", "rita", "clea", "theo"])
def test_only_a_manager_makes_gold(make, faces, request, name):
    with pytest.raises(NotAllowed):
        set_gold(make.asset(faces), by=request.getfixturevalue(name), **make.answer())


def test_through_the_api(as_, make, faces, mara):
    asset = make.asset(faces)
    client = as_(mara)

    made = client.put(f"/api/v1/assets/{asset.pk}/gold", make.answer())
    bad = client.put(f"/api/v1/assets/{asset.pk}/gold", make.answer() | {"version": 7})

    assert made.status_code == 200
    assert made.json()["version"] == 1
    assert made.json()["points"] == make.answer()["points"]
    assert (bad.status_code, bad.json()["errors"][0]["pointer"]) == (422, "/version")


@pytest.mark.parametrize(("name", "status"), [("rita", 403), ("ann", 404), ("clea", 404), ("theo", 404)])
def test_the_api_refuses_others(as_, make, faces, request, name, status):
    address = f"/api/v1/assets/{make.asset(faces).pk}/gold"

    assert as_(request.getfixturevalue(name)).put(address, make.answer()).status_code == status


def test_a_pull_does_not_tell_gold_from_other_assets(as_, make, faces, mara, ann):
    gold, plain = make.asset(faces), make.asset(faces)
    set_gold(gold, by=mara, **make.answer())
    make.task(faces, asset=gold), make.task(faces, asset=plain)
    client = as_(ann)

    pieces = [client.post(f"/api/v1/projects/{faces.pk}/pull", {}).json() for _ in range(2)]

    assert {each["asset"]["id"] for each in pieces} == {str(gold.pk), str(plain.pk)}
    assert set(pieces[0]) == set(pieces[1])
    assert set(pieces[0]["asset"]) == set(pieces[1]["asset"])
