"""The streamed ZIP archive, read by the standard library."""

import io
import shutil
import subprocess
import zipfile

import pytest

from projects.deliveries.formats import archive


def opened(entries):
    return zipfile.ZipFile(io.BytesIO(b"".join(archive.packed(entries))))


def test_entries_come_back_with_their_names_dates_and_bytes():
    entries = [("pts/a.pts", b"one"), ("pts/børn.pts", b""), ("pts/c.pts", bytes(range(256)) * 10)]

    with opened(entries) as found:
        assert found.testzip() is None
        assert [(name, found.read(name)) for name in found.namelist()] == entries
        assert {info.date_time for info in found.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert {info.external_attr >> 16 for info in found.infolist()} == {0o100644}


def test_equal_entries_make_equal_bytes():
    entries = [(f"{number}.pts", b"x" * number) for number in range(50)]

    assert b"".join(archive.packed(entries)) == b"".join(archive.packed(iter(entries)))


def test_an_archive_of_nothing_is_an_archive():
    with opened([]) as found:
        assert found.namelist() == []


def test_more_entries_than_sixteen_bits_can_count():
    with opened((f"{number}", b"x") for number in range(70_000)) as found:
        assert len(found.namelist()) == 70_000
        assert found.read("69999") == b"x"


def test_an_archive_beyond_what_thirty_two_bits_can_address(monkeypatch):
    monkeypatch.setattr(archive, "MOST_32", 500)  # stands in for 4 GiB
    whole = b"".join(archive.packed((f"{number}", b"y" * 20) for number in range(20)))

    # A real reader takes only 0xFFFFFFFF for "look in the extra field".
    whole = whole.replace((500).to_bytes(4, "little"), b"\xff\xff\xff\xff")

    with zipfile.ZipFile(io.BytesIO(whole)) as found:
        assert found.testzip() is None
        assert found.read("19") == b"y" * 20


def test_another_reader_agrees(tmp_path):
    unzip = shutil.which("unzip")
    if unzip is None:
        pytest.skip("unzip is not installed")
    file = tmp_path / "x.zip"
    file.write_bytes(b"".join(archive.packed([("pts/a.pts", b"one"), ("pts/b.pts", b"two")])))

    assert subprocess.run([unzip, "-tq", str(file)], check=False).returncode == 0
