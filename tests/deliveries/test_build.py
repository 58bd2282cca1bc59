"""Building a release: whole or absent, once, the same bytes."""

import hashlib
import json
import tomllib
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from django.utils import timezone

from projects.audit.models import Event
from projects.deliveries import attempt, build, keep
from projects.deliveries.models import Item, Release
from projects.jobs import build_release, sweep_releases
from projects.labels.models import Label
from projects.version import VERSION
from tests.deliveries.conftest import content, stored


def test_a_release_holds_the_files_asked_for_and_says_what_they_are(faces, label, built):
    label(faces, key="a.png")
    label(faces, key="b.png", shift=1.5)

    files = content(release := built(faces))

    assert release.status == "built"
    assert sorted(files) == [
        "SHA256SUMS", "annotations.json", "labels.jsonl", "manifest.json", "pts/a.pts", "pts/b.pts", "quality.json",
    ]  # fmt: skip
    manifest = json.loads(files["manifest.json"])
    assert manifest["release"]["version"] == 1
    assert manifest["client"] == faces.client.name
    assert manifest["schema"]["points"][0]["key"] == "left_eye"
    assert manifest["counts"]["answers"] == {"2": 2}
    assert manifest["pts"] == [{"key": "a.png", "file": "pts/a.pts"}, {"key": "b.png", "file": "pts/b.pts"}]
    assert {file["path"]: file["sha256"] for file in manifest["files"]} == {
        path: hashlib.sha256(bytes_).hexdigest()
        for path, bytes_ in files.items()
        if path not in ("manifest.json", "SHA256SUMS")
    }
    sums = dict(reversed(line.split("  ")) for line in files["SHA256SUMS"].decode().splitlines())
    assert sums["manifest.json"] == hashlib.sha256(files["manifest.json"]).hexdigest()
    assert len(sums) == len(files) - 1


def test_every_number_comes_out_as_it_was_accepted(faces, label, built):
    odd = [[0.1 + 0.2, 1e-17], None, [50.000000000000007, -0.0], [1 / 3, 2 / 3], [99.5, -0.5]]
    label(faces, key="a.png", points=odd, visibility=[2, 0, 1, 2, 2], metadata={"light": "dim"})

    row = json.loads(content(built(faces, formats=["jsonl"]))["labels.jsonl"])

    assert row["points"] == odd
    assert row["visibility"] == [2, 0, 1, 2, 2]
    assert row["metadata"] == {"light": "dim"}
    assert row["provenance"]["label_version"] == 1


def test_later_labels_do_not_change_a_release_only_the_next_one(faces, label, begun, built):
    first = label(faces, key="a.png")
    early = begun(faces)
    build.build(early.pk)
    before = content(early)

    label(faces, asset=first.asset, shift=5)
    label(faces, key="b.png")
    Release.objects.filter(pk=early.pk).update(status="failed", beat_at=None)
    early.files.all().delete()
    Release.objects.filter(pk=early.pk).update(status="building")
    build.build(early.pk)
    late = built(faces)

    assert content(early) == before
    assert late.version == 2
    assert content(late)["labels.jsonl"].count(b"\n") == 2
    assert b"[35.0,30.0]" in content(late)["labels.jsonl"]


def test_labels_of_another_schema_or_that_were_replaced_stay_out(faces, label, begun, make, mara):
    old = label(faces, key="a.png")
    label(faces, key="b.png")
    Label.objects.filter(pk=old.pk).update(schema=make.schema(mara))

    release = begun(faces)
    build.build(release.pk)

    assert list(Item.objects.filter(release=release).values_list("key", "number")) == [("b.png", 1)]


def test_items_are_numbered_by_key_whatever_the_servers_locale(faces, label, built):
    for key in ("b.png", "B.png", "a.png", "é.png", "A.png"):
        label(faces, key=key)

    release = built(faces, formats=["jsonl"])

    assert list(release.items.order_by("number").values_list("key", flat=True)) == [
        "A.png", "B.png", "a.png", "b.png", "é.png",
    ]  # fmt: skip


def test_a_build_that_runs_twice_makes_one_set_of_files(faces, label, begun):
    label(faces)
    release = begun(faces)

    build_release(str(release.pk))
    files = content(release)
    build_release(str(release.pk))

    assert content(release) == files
    assert stored(release) == len(files)
    assert Event.objects.filter(subject_id=str(release.pk), verb="release.built").count() == 1


def test_an_attempt_that_was_taken_over_names_no_files_and_leaves_none(faces, label, begun, monkeypatch):
    label(faces)
    release = begun(faces)
    write = build._write

    def overtaken(mine):
        monkeypatch.setattr(build, "_write", write)
        yield from write(mine)
        Release.objects.filter(pk=release.pk).update(beat_at=timezone.now() - timedelta(minutes=5))
        build.build(release.pk)

    monkeypatch.setattr(build, "_write", overtaken)
    build.build(release.pk)

    files = content(release)
    assert stored(release) == len(files) == 6
    assert Release.objects.get(pk=release.pk).status == "built"


def test_a_full_disk_fails_the_release_with_a_reason_and_leaves_no_files(faces, label, begun, monkeypatch):
    label(faces)
    release = begun(faces)
    save = default_storage.save

    def full(name, file, **more):
        if name.endswith("00003"):
            raise OSError(28, "No space left on device", "/secret/place")
        return save(name, file, **more)

    monkeypatch.setattr(keep.default_storage, "save", full)
    build.build(release.pk)

    release.refresh_from_db()
    assert release.status == "failed"
    assert release.reason == "The storage failed: No space left on device."
    assert stored(release) == 0
    assert not release.files.exists()


def test_a_label_that_is_gone_by_the_time_of_freezing_fails_the_release(faces, label, begun):
    one = label(faces)
    release = begun(faces)
    Label.objects.filter(pk=one.pk).update(is_current=False)

    build.build(release.pk)

    release.refresh_from_db()
    assert (release.status, release.reason) == ("failed", "No label of this project is accepted any more.")


@pytest.mark.parametrize("beat_minutes_ago", [None, 5])
def test_the_sweep_builds_what_was_forgotten_or_broke_off(
    faces, label, begun, beat_minutes_ago, django_capture_on_commit_callbacks
):
    label(faces)
    release = begun(faces)
    long_ago = timezone.now() - timedelta(minutes=5)
    beat_at = long_ago if beat_minutes_ago else None
    Release.objects.filter(pk=release.pk).update(created_at=long_ago, beat_at=beat_at, attempts=1)

    with django_capture_on_commit_callbacks(execute=True):
        sweep_releases()

    assert Release.objects.get(pk=release.pk).status == "built"


def test_the_sweep_leaves_alone_what_is_being_built_and_gives_up_what_never_ends(faces, label, begun):
    label(faces)
    busy, hopeless = begun(faces), begun(faces)
    Release.objects.filter(pk=busy.pk).update(beat_at=timezone.now(), attempts=1)
    Release.objects.filter(pk=hopeless.pk).update(beat_at=timezone.now() - timedelta(minutes=5), attempts=3)

    found = build.sweep()

    assert found == 1
    assert Release.objects.get(pk=busy.pk).status == "building"
    given_up = Release.objects.get(pk=hopeless.pk)
    assert given_up.status == "failed"
    assert "3 times" in given_up.reason


def test_of_two_claims_one_wins_until_it_falls_silent(faces, label, begun):
    label(faces)
    release = begun(faces)

    first = attempt.claim(release.pk)

    assert attempt.claim(release.pk) is None
    assert attempt.beat(first)
    Release.objects.filter(pk=release.pk).update(beat_at=timezone.now() - timedelta(minutes=2))
    assert attempt.claim(release.pk) is not None
    assert not attempt.beat(first)


def test_quality_tells_each_landmarks_uncertainty_and_the_spread_of_answers(faces, label, built):
    label(faces)
    label(faces, visibility=[1, 2, 2, 2, 2])

    figures = json.loads(content(built(faces))["quality.json"])

    eye = figures["points"][0]
    assert (eye["key"], eye["visible"], eye["occluded"], eye["measured"]) == ("left_eye", 1, 1, 2)
    assert eye["covariance"] == [1.0, 0.25, 0.25, 2.0]
    longer, shorter = eye["ellipse"]["half_axes"]
    assert longer**2 + shorter**2 == pytest.approx(3.0)
    assert (longer * shorter) ** 2 == pytest.approx(1.0 * 2.0 - 0.25**2)
    assert figures["agreement"]["tenths"] == [0] * 9 + [2]
    assert figures["methods"] == {"median 1": 2}


def test_a_release_names_the_version_of_the_software_that_made_it():
    project = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text())["project"]

    assert project["version"] == VERSION
