"""Looking into archives and folders that nobody vouches for."""

import contextlib
import os
import struct
import time
import tracemalloc
import zipfile

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from projects.datasets.intake import scan, zipped
from projects.errors import Refused
from tests.datasets import archives
from tests.datasets.archives import packed
from tests.datasets.pictures import encoded


def found(content):
    """(key, code of the refusal or None) of every row."""
    name = default_storage.save("imports/x.zip", ContentFile(content))
    with scan.open_zip(name) as rows:
        return [(row.key, row.refused.code if row.refused else None) for row in rows()]


def test_files_come_in_the_order_of_their_names_without_what_systems_leave_behind():
    picture = encoded()
    names = ["b.png", "a/z.png", "a/", "__MACOSX/a/._z.png", ".DS_Store", "a/.hidden.png", "a/Thumbs.db", "a/b.png"]

    assert found(packed([(name, picture) for name in names])) == [("a/b.png", None), ("a/z.png", None), ("b.png", None)]


@pytest.mark.parametrize(
    "name",
    ["../evil.png", "a/../../evil.png", "/etc/evil.png", "C:/evil.png", "..\\evil.png", "a\\..\\evil.png", "a\nb.png"],
)
def test_names_that_lead_out_of_the_archive_are_refused(name):
    plain = "x" * (len(name) - 4) + ".png"

    assert [code for _, code in found(archives.renamed(packed([(plain, encoded())]), plain, name))] == ["unsafe_name"]


def test_links_are_refused():
    assert found(packed([archives.link("face.png")])) == [("face.png", "not_a_file")]


def test_encrypted_entries_are_refused():
    assert found(archives.encrypted(encoded())) == [("secret.png", "encrypted")]


def test_archives_in_archives_are_refused():
    assert found(packed([("more.zip", packed([]))])) == [("more.zip", "nested_archive")]


def test_an_entry_that_unpacks_to_far_more_than_it_is_is_refused():
    assert found(packed([("white.png", bytes(5 * 2**20))])) == [("white.png", "suspicious_ratio")]


def test_an_entry_larger_than_a_picture_may_be_is_refused(settings):
    settings.MAX_IMAGE_BYTES = 1000

    assert found(packed([("a.png", os.urandom(1001))])) == [("a.png", "image_too_large")]


def test_an_archive_that_unpacks_to_too_much_is_refused_as_a_whole(settings):
    settings.MAX_ARCHIVE_BYTES = 10_000

    with pytest.raises(scan.ArchiveTooLarge):
        found(packed([(f"{n}.png", bytes(1000)) for n in range(11)]))


def test_an_archive_of_too_many_entries_is_refused_without_reading_them_all(settings):
    settings.MAX_ARCHIVE_ENTRIES = 100
    content = packed([(f"{n}.png", b"") for n in range(20_000)], zipfile.ZIP_STORED)

    name = default_storage.save("imports/x.zip", ContentFile(content))
    del content

    tracemalloc.start()
    with pytest.raises(scan.TooManyEntries), scan.open_zip(name):
        pass
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert most < 2**20


def test_an_archive_that_lies_about_how_many_entries_it_has_is_counted(settings):
    settings.MAX_ARCHIVE_ENTRIES = 100
    content = bytearray(packed([(f"{n}.png", b"") for n in range(200)]))
    end = content.rfind(b"PK\x05\x06")
    content[end + 8 : end + 12] = struct.pack("<HH", 5, 5)

    with pytest.raises(scan.TooManyEntries):
        found(bytes(content))


def test_an_entry_that_lies_about_its_size_is_refused():
    content = bytearray(packed([("a.png", bytes(100_000))]))
    for magic, offset in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        place = content.find(magic) + offset
        content[place : place + 4] = struct.pack("<L", 50)
    name = default_storage.save("imports/x.zip", ContentFile(bytes(content)))

    with scan.open_zip(name) as rows:
        entry = next(rows()).open()
        with pytest.raises(zipped.DamagedEntry):
            entry.read(2**20)


@pytest.mark.parametrize(
    "content",
    [b"PK\x03\x04 not a zip", b"", packed([("a.png", b"x")])[:-30], b"PK\x05\x06" + b"\xff" * 18],
    ids=["text", "nothing", "cut", "end only"],
)
def test_what_is_no_whole_zip_is_refused(content):
    with pytest.raises(zipped.NotAZip):
        found(content)


def test_a_zip_with_any_byte_changed_is_read_or_refused_but_never_breaks():
    whole = packed([("a.png", encoded()), ("b.png", b"xyz")])

    for place in range(len(whole)):
        changed = bytearray(whole)
        changed[place] ^= 0xFF
        name = default_storage.save("imports/x.zip", ContentFile(bytes(changed)))
        with contextlib.suppress(Refused), scan.open_zip(name) as rows:
            for row in rows():
                with contextlib.suppress(zipped.DamagedEntry):
                    _ = row.open and row.open().read(2**20)
        default_storage.delete(name)


def test_a_huge_zip_is_walked_in_little_memory(tmp_path, settings):
    """A 20 GB zip that is sparse on this disk; its entries are looked at, not read."""
    path = tmp_path / "huge.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("a.png", encoded())
    _stretch(path, 20 * 2**30)
    settings.MEDIA_ROOT = tmp_path
    settings.MAX_ARCHIVE_BYTES = 2**40

    tracemalloc.start()
    began = time.process_time()
    with scan.open_zip("huge.zip") as rows:
        keys = [row.key for row in rows()]
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert keys == ["a.png"]
    assert path.stat().st_size > 20 * 2**30
    assert most < 2**21
    assert time.process_time() - began < 2


def _stretch(path, size):
    """Put a hole before the archive, as a self-extracting one has its program there."""
    content = path.read_bytes()
    with open(path, "wb") as file:
        file.seek(size)
        file.write(content)


def test_a_folder_is_walked_by_name_and_never_left(tmp_path):
    for name in ("b.png", "a/z.png", "a/.hidden", "more.zip"):
        (tmp_path / "in" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "in" / name).write_bytes(b"x")
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside" / "secret.png").write_bytes(b"x")
    (tmp_path / "in" / "c.png").symlink_to(tmp_path / "outside" / "secret.png")
    (tmp_path / "in" / "d").symlink_to(tmp_path / "outside")
    os.mkfifo(tmp_path / "in" / "e.png")

    with scan.open_folder(str(tmp_path / "in")) as rows:
        walked = [(row.key, row.refused.code if row.refused else None) for row in rows()]

    assert walked == [
        ("a/z.png", None),
        ("b.png", None),
        ("c.png", "not_a_file"),
        ("d", "not_a_file"),
        ("e.png", "not_a_file"),
        ("more.zip", "nested_archive"),
    ]


def test_a_file_that_vanished_is_a_refusal(tmp_path):
    (tmp_path / "a.png").write_bytes(b"x")

    with scan.open_folder(str(tmp_path)) as rows:
        row = next(rows())
        (tmp_path / "a.png").unlink()
        with pytest.raises(scan.FileGone):
            row.open()
