"""Imports: every row is done once, whatever is wrong with a row and whatever happens to the worker."""

import io
import json
import os
import signal
import subprocess
import sys
import time
import tracemalloc
import zipfile
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.utils import timezone

from projects.audit.models import Event
from projects.datasets.intake import batch, start
from projects.datasets.models import Asset, Dataset, ImportBatch, ImportStatus
from tests.datasets import archives
from tests.datasets.archives import packed
from tests.datasets.pictures import bomb, drawn, encoded


@pytest.fixture
def begin(faces, mara):
    """An import as it waits for a worker."""

    def beginning(content):
        kind = start.kind_of(io.BytesIO(content))
        name = default_storage.save(f"imports/sent.{kind}", ContentFile(content))
        place, _ = Dataset.objects.get_or_create(project=faces, name="main")
        return ImportBatch.objects.create(project=faces, dataset=place, kind=kind, file=name, created_by=mara)

    return beginning


def send(client, project, content, **more):
    body = {"file": SimpleUploadedFile("sent.zip", content)} | more
    return client.post(f"/api/v1/projects/{project.pk}/imports", body, format="multipart")


def counts(pk):
    row = ImportBatch.objects.get(pk=pk)
    return row.status, row.rows, row.done, row.created, row.existing, row.refused


def refusals(pk):
    return [(row.row, row.key, row.code) for row in ImportBatch.objects.get(pk=pk).refusals.order_by("row")]


def test_a_zip_is_brought_in_and_what_cannot_be_used_is_listed(faces, mara, as_, django_capture_on_commit_callbacks):
    entries = [
        *archives.faces(3),
        ("again.png", encoded(drawn(seed=1))),
        ("bad/bomb.png", bomb()),
        ("bad/page.png", b"<html>"),
        ("bad/short.png", encoded()[:90]),
        archives.link("bad/link.png"),
        ("bad/\ud7ff.zip", b"PK\x03\x04"),
    ]

    with django_capture_on_commit_callbacks(execute=True):
        response = send(as_(mara), faces, packed(entries), dataset="second")

    assert response.status_code == 202
    pk = response.json()["id"]
    shown = as_(mara).get(f"/api/v1/imports/{pk}").json()
    assert shown["status"] == "done"
    assert (shown["rows"], shown["done"], shown["created"], shown["existing"], shown["refused"]) == (9, 9, 3, 1, 5)
    listed = as_(mara).get(f"/api/v1/imports/{pk}/refusals").json()["items"]
    assert [(row["row"], row["key"], row["code"]) for row in listed] == [
        (1, "bad/bomb.png", "too_many_pixels"),
        (2, "bad/link.png", "not_a_file"),
        (3, "bad/page.png", "not_an_image"),
        (4, "bad/short.png", "damaged_image"),
        (5, "bad/\ud7ff.zip", "nested_archive"),
    ]
    assert all(row["detail"] for row in listed)
    assert set(Asset.objects.values_list("dataset__name", flat=True)) == {"second"}
    assert Event.objects.get(verb="import.finished").facts["refused"] == 5
    assert not default_storage.exists(ImportBatch.objects.get(pk=pk).file)


def test_a_csv_of_addresses_is_brought_in_row_by_row(begin, faces):
    rows = [
        "key,url,width,height,subject_id,sequence,frame,consent,metadata,camera",
        'a,https://example.org/a.jpg,640,480,anna,walk,0,c1,"{""light"": ""dim""}",front',
        "b,ftp://example.org/b.jpg,640,480,,,,,,",
        "",
        "c,https://example.org/c.jpg,wide,480,,,,,,",
        "d,https://example.org/d.jpg",
        "e,,,,,,,,,",
        "f,https://example.org/f.jpg,,,,,,,not json,",
    ]

    begun = begin("\ufeff".encode() + "\r\n".join(rows).encode() + b"\r\n\xff\xfe,,,,,,,,,\r\n")
    batch.run(begun.pk)

    assert counts(begun.pk) == ("done", 7, 7, 2, 0, 5)
    assert [code for _, _, code in refusals(begun.pk)] == ["bad_description"] * 5
    asset = Asset.objects.get(key="a")
    assert (asset.url, asset.width, asset.subject_id, asset.sequence.key, asset.frame) == (
        "https://example.org/a.jpg",
        640,
        "anna",
        "walk",
        0,
    )
    assert asset.metadata == {"light": "dim", "camera": "front"}


@pytest.mark.parametrize("wrap", [lambda items: items, lambda items: {"items": items}])
def test_a_json_list_is_brought_in(begin, wrap):
    items = [{"key": f"k{n}", "metadata": {"text": "é]}" * 100}} for n in range(1200)] + [{"url": "x"}, {"key": "k1"}]

    begun = begin(json.dumps(wrap(items), indent=1).encode())
    batch.run(begun.pk)

    assert counts(begun.pk) == ("done", 1202, 1202, 1200, 1, 1)


@pytest.mark.parametrize(
    "content",
    [
        b'[{"key": "a"}, {"key": "b"',
        b'[{"key": "a"}, 17]',
        b'{"rows": []}',
        b'[{"key": "a"}',
        b"[" + b'{"a":' * 50_000,
        b"name,url\na,b\n",
        b"key,key\na,b\n",
        b'key,url\n"a,b\n',
        b"key\n" + b"a" * (2**20 + 5),
        b"PK\x03\x04 no zip",
    ],
)
def test_a_list_that_cannot_be_read_fails_as_a_whole_and_brings_nothing(begin, content):
    begun = begin(content)

    batch.run(begun.pk)

    failed = ImportBatch.objects.get(pk=begun.pk)
    assert failed.status == "failed"
    assert len(failed.reason) > 20
    assert not Asset.objects.exists()
    assert Event.objects.get(verb="import.finished").facts["status"] == "failed"


@pytest.mark.parametrize("content", [b"", b"\x1f\x8b\x08\x00gzip", b"\x00\x01\x02", b"  "])
def test_what_is_neither_zip_nor_list_is_refused_at_once(faces, mara, as_, content):
    response = send(as_(mara), faces, content)

    assert (response.status_code, response.json()["code"]) == (422, "unknown_import")
    assert not ImportBatch.objects.exists()


def test_an_archive_over_the_limit_is_refused_before_it_is_read(faces, mara, as_, settings):
    settings.MAX_ARCHIVE_BYTES = 1000

    response = send(as_(mara), faces, b"PK\x03\x04" + bytes(2**21))

    assert (response.status_code, response.json()["code"]) == (413, "too_large")


def test_bringing_the_same_in_again_brings_nothing_new(begin):
    for _ in range(2):
        begun = begin(packed(archives.faces(3)))
        batch.run(begun.pk)

    assert counts(begun.pk) == ("done", 3, 3, 0, 3, 0)


def test_running_a_finished_import_again_changes_nothing(begin):
    begun = begin(packed(archives.faces(3)))
    batch.run(begun.pk)
    before = counts(begun.pk)

    batch.run(begun.pk)

    assert counts(begun.pk) == before
    assert Event.objects.filter(verb="import.finished").count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_workers_at_one_import_at_once_one_does_it(begin):
    begun = begin(packed(archives.faces(12)))

    def work(_):
        try:
            batch.run(begun.pk)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(work, range(4)))

    assert counts(begun.pk) == ("done", 12, 12, 12, 0, 0)
    assert Event.objects.filter(verb="import.finished").count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_worker_that_wakes_up_after_another_took_over_stops(begin):
    begun = begin(packed(archives.faces(4)))
    overtaken = []

    def overtake(now):
        if now.done == 2 and not overtaken:
            overtaken.append(now)
            ImportBatch.objects.filter(pk=begun.pk).update(beat_at=timezone.now() - timedelta(minutes=5))
            batch.run(begun.pk)

    batch.run(begun.pk, watch=overtake)

    assert counts(begun.pk) == ("done", 4, 4, 4, 0, 0)
    assert Event.objects.filter(verb="import.finished").count() == 1


KILLED = """
import django
django.setup()
from projects.datasets.intake import batch
def watch(now):
    print(now.done, flush=True)
batch.run("{pk}", watch=watch)
"""


@pytest.mark.django_db(transaction=True)
def test_an_import_whose_worker_is_killed_goes_on_where_it_was(begin, settings):
    begun = begin(packed(archives.faces(120)))
    env = os.environ | {
        "DJANGO_SETTINGS_MODULE": "orchestrator.settings",
        "DATABASE_URL": _this_database(),
        "CANTHUS_HOME": str(settings.MEDIA_ROOT.parent),  # its media folder is ours
    }
    worker = subprocess.Popen([sys.executable, "-c", KILLED.format(pk=begun.pk)], env=env, stdout=subprocess.PIPE)
    for line in worker.stdout:
        if int(line) >= 20:
            break
    os.kill(worker.pid, signal.SIGKILL)
    worker.wait()

    batch.run(begun.pk)  # too early: it may still be alive
    early = counts(begun.pk)
    ImportBatch.objects.filter(pk=begun.pk).update(beat_at=timezone.now() - timedelta(seconds=61))
    batch.run(begun.pk)

    assert early[0] == "running"
    assert 20 <= early[2] < 120
    assert counts(begun.pk) == ("done", 120, 120, 120, 0, 0)
    assert Asset.objects.count() == 120
    assert all(default_storage.exists(name) for name in Asset.objects.values_list("file", flat=True))


def _this_database():
    return urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{connection.settings_dict['NAME']}").geturl()


def test_a_row_at_which_the_worker_died_again_and_again_is_refused(begin):
    begun = begin(packed(archives.faces(3)))
    ImportBatch.objects.filter(pk=begun.pk).update(done=1, created=1, rows=3, attempts=3)

    batch.run(begun.pk)

    assert refusals(begun.pk) == [(1, "faces/001.png", "gave_up")]
    assert counts(begun.pk) == ("done", 3, 3, 2, 0, 1)


def test_a_long_import_gives_others_their_turn(begin):
    begun = begin(packed(archives.faces(3)))

    batch.run(begun.pk, for_seconds=0)

    assert counts(begun.pk) == ("waiting", 3, 1, 1, 0, 0)
    batch.run(begun.pk)
    assert counts(begun.pk) == ("done", 3, 3, 3, 0, 0)


def test_an_import_stops_when_its_project_is_closed(begin, faces):
    begun = begin(packed(archives.faces(3)))
    type(faces).objects.filter(pk=faces.pk).update(status="closed")

    batch.run(begun.pk)

    assert ImportBatch.objects.get(pk=begun.pk).status == "failed"
    assert not Asset.objects.exists()


def test_an_import_whose_archive_was_lost_fails_with_a_reason(begin):
    begun = begin(packed(archives.faces(1)))
    default_storage.delete(begun.file)

    batch.run(begun.pk)

    assert "Send it again" in ImportBatch.objects.get(pk=begun.pk).reason


def test_the_sweep_finds_what_was_forgotten_and_nothing_else(begin, faces, mara, django_capture_on_commit_callbacks):
    long_ago = timezone.now() - timedelta(minutes=5)
    forgotten, silent, alive, fresh = (begin(packed(archives.faces(1, start=n))) for n in range(4))
    folder = start.start_folder(faces, "/nowhere", by=mara)
    ImportBatch.objects.filter(pk__in=[forgotten.pk, folder.pk]).update(created_at=long_ago)
    ImportBatch.objects.filter(pk=silent.pk).update(status=ImportStatus.RUNNING, beat_at=long_ago)
    ImportBatch.objects.filter(pk=alive.pk).update(status=ImportStatus.RUNNING, beat_at=timezone.now())

    with django_capture_on_commit_callbacks(execute=True):
        found = batch.sweep()

    assert found == 2
    statuses = [ImportBatch.objects.get(pk=each.pk).status for each in (forgotten, silent, alive, fresh, folder)]
    assert statuses == ["done", "done", "running", "waiting", "waiting"]


def test_a_long_list_is_brought_in_quickly_and_in_little_memory(begin):
    lines = io.StringIO("key,url,subject_id\n")
    lines.seek(0, io.SEEK_END)
    for n in range(3_000):
        lines.write(f"k{n},https://example.org/{n}.jpg,s{n % 100}\n")
    begun = begin(lines.getvalue().encode())

    began = time.process_time()
    batch.run(begun.pk)

    assert counts(begun.pk) == ("done", 3_000, 3_000, 3_000, 0, 0)
    assert time.process_time() - began < 20


def test_imports_are_seen_only_by_who_manages(faces, begin, mara, ann, rita, clea, theo, as_):
    begun = begin(packed(archives.faces(1)))

    for path in (f"projects/{faces.pk}/imports", f"imports/{begun.pk}", f"imports/{begun.pk}/refusals"):
        assert as_(mara).get(f"/api/v1/{path}").status_code == 200
        assert as_(rita).get(f"/api/v1/{path}").status_code == 403
        hidden = 403 if path.startswith("projects") else 404
        assert [as_(person).get(f"/api/v1/{path}").status_code for person in (ann, clea)] == [hidden] * 2
        assert as_(theo).get(f"/api/v1/{path}").status_code == 404
    assert [send(as_(person), faces, packed([])).status_code for person in (ann, theo)] == [403, 404]


def test_a_large_archive_is_brought_in_in_little_memory(begin):
    entries = [(f"{n}.jpg", b"\xff\xd8\xff" + os.urandom(15 * 2**20)) for n in range(4)] + archives.faces(2)
    begun = begin(packed(entries, zipfile.ZIP_STORED))
    del entries

    tracemalloc.start()
    batch.run(begun.pk)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert counts(begun.pk) == ("done", 6, 6, 2, 0, 4)
    assert most < 16 * 2**20  # bytes; the archive has 60 MiB


def test_an_entry_that_is_broken_inside_the_archive_spoils_only_itself(begin):
    content = bytearray(packed([("a.png", encoded()), ("b.png", encoded(drawn(seed=3)))], zipfile.ZIP_STORED))
    content[content.find(b"IDAT") + 20] ^= 0xFF

    begun = begin(bytes(content))
    batch.run(begun.pk)

    assert refusals(begun.pk) == [(0, "a.png", "damaged_entry")]
    assert counts(begun.pk) == ("done", 2, 2, 1, 0, 1)
