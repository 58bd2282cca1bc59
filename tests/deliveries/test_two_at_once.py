"""Two managers, two workers, and a worker that is killed."""

import os
import signal
import subprocess
import sys
import tracemalloc
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.conf import settings
from django.db import connection
from django.utils import timezone

from projects.datasets.models import Asset, Dataset
from projects.deliveries import begin, build
from projects.deliveries.models import Item, Release
from projects.labels.models import Label
from tests.deliveries.conftest import COVARIANCE, content, stored
from tests.make import an_answer

COUNT = 1_200
MOST_BYTES = 6 * 2**20  # a page of rows, what is spooled in memory, and room
pytestmark = pytest.mark.django_db(transaction=True)
# Builds in a process of its own, stopping for good as soon as some files are stored: the parent kills it there.
BUILDER = """
import sys, time
import django
django.setup()
from django.db import connection
connection.settings_dict["NAME"] = sys.argv[2]
from django.conf import settings
settings.MEDIA_ROOT = sys.argv[3]
from projects.deliveries import build, keep
save, stored = keep.default_storage.save, []
def slowly(name, file, **more):
    stored.append(save(name, file, **more))
    if len(stored) == int(sys.argv[4]):
        print("here", flush=True)
        time.sleep(60)
    return stored[-1]
keep.default_storage.save = slowly
build.build(sys.argv[1])
"""


def many_labels(project, count):
    dataset, _ = Dataset.objects.get_or_create(project=project, name="main")
    assets = [
        Asset(project=project, dataset=dataset, key=f"face-{number:05}.png", url=f"https://example.org/{number}.png")
        for number in range(count)
    ]
    Asset.objects.bulk_create(assets, batch_size=2000)
    known = {"covariance": COVARIANCE, "answers": 2, "agreement": 0.9, "method": "median", "method_version": "1"}
    Label.objects.bulk_create(
        [Label(project=project, asset=asset, schema_id=project.schema_id, **an_answer(), **known) for asset in assets],
        batch_size=2000,
    )


def at_once(deed, times):
    def alone(_):
        try:
            return deed()
        finally:
            connection.close()

    with ThreadPoolExecutor(times) as people:
        return list(people.map(alone, range(times)))


def test_releases_asked_for_at_once_get_numbers_of_their_own(faces, label, mara):
    label(faces)

    releases = at_once(lambda: begin.begin(faces, formats=["coco"], name="", by=mara), 6)

    assert sorted(release.version for release in releases) == [1, 2, 3, 4, 5, 6]


@pytest.fixture
def forgotten(mara):
    """A release that was asked for, whose message to the workers was lost."""

    def asked(project, formats):
        known = {"schema": project.schema, "version": 1, "created_by": mara}
        return Release.objects.create(project=project, formats=formats, **known)

    return asked


def test_two_workers_at_one_release_make_one_set_of_files(faces, label, forgotten):
    for _ in range(5):
        label(faces)
    release = forgotten(faces, ["coco"])

    at_once(lambda: build.build(release.pk), 4)

    assert len(content(Release.objects.get(pk=release.pk))) == stored(release) == 4


@pytest.mark.parametrize("files", [1, 6])
def test_a_build_that_was_killed_is_run_again_and_is_whole(faces, label, forgotten, files):
    for number in range(4):
        label(faces, key=f"{number}.png")
    release = forgotten(faces, ["coco", "jsonl", "pts"])
    arguments = [str(release.pk), connection.settings_dict["NAME"], str(settings.MEDIA_ROOT), str(files)]
    worker = subprocess.Popen(
        [sys.executable, "-c", BUILDER, *arguments],
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ | {"DJANGO_SETTINGS_MODULE": "orchestrator.settings"},
    )
    assert worker.stdout.readline() == "here\n"
    worker.send_signal(signal.SIGKILL)
    worker.wait()
    worker.stdout.close()

    halfway = Release.objects.get(pk=release.pk)
    assert (halfway.status, halfway.files.count(), halfway.items.count()) == ("building", 0, 4)
    assert stored(release) == files
    Release.objects.filter(pk=release.pk).update(beat_at=timezone.now() - timedelta(minutes=2))
    build.sweep()

    again = Release.objects.get(pk=release.pk)
    assert (again.status, again.attempts) == ("built", 2)
    assert len(content(again)) == stored(release) == 9


def test_thousands_of_items_are_built_in_little_memory(faces, forgotten):
    many_labels(faces, COUNT)
    release = forgotten(faces, ["coco", "jsonl", "pts"])
    tracemalloc.start()

    build.build(release.pk)

    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    built = Release.objects.get(pk=release.pk)
    assert (built.status, Item.objects.filter(release=release).count()) == ("built", COUNT)
    assert [file.path for file in built.files.order_by("id")][2] == "pts.zip"
    assert peak < MOST_BYTES
