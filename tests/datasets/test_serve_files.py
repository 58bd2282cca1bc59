"""Sending files from the storage: whole, in part, unchanged, and under a safe name."""

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.test import RequestFactory

from projects.datasets import serve
from projects.datasets.serve import FileLost, file_response, safe_name

CONTENT = bytes(range(256)) * 40


@pytest.fixture
def ask():
    name = default_storage.save("some/file.bin", ContentFile(CONTENT))

    def asking(method="get", filename="file.bin", **headers):
        request = getattr(RequestFactory(), method)("/file", headers=headers)
        kind = "application/octet-stream"
        return file_response(
            request, name_in_storage=name, size=len(CONTENT), content_type=kind, etag="abc", filename=filename
        )

    return asking


def body(response):
    return b"".join(response.streaming_content) if response.streaming else response.content


def test_a_whole_file_comes_with_its_length_and_tag(ask):
    response = ask()

    assert response.status_code == 200
    assert body(response) == CONTENT
    assert response["Content-Length"] == str(len(CONTENT))
    assert response["ETag"] == '"abc"'
    assert response["Accept-Ranges"] == "bytes"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Cache-Control"].startswith("private")


@pytest.mark.parametrize(
    ("wanted", "start", "end"),
    [("0-0", 0, 1), ("5-9", 5, 10), ("10000-", 10000, 10240), ("-7", 10233, 10240), ("10200-99999", 10200, 10240)],
)
def test_a_download_is_resumed_where_it_broke_off(ask, wanted, start, end):
    response = ask(Range=f"bytes={wanted}")

    assert response.status_code == 206
    assert body(response) == CONTENT[start:end]
    assert response["Content-Range"] == f"bytes {start}-{end - 1}/{len(CONTENT)}"
    assert response["Content-Length"] == str(end - start)


@pytest.mark.parametrize("wanted", ["10240-", "10240-10250", "-0"])
def test_a_range_outside_the_file_is_refused_with_its_size(ask, wanted):
    response = ask(Range=f"bytes={wanted}")

    assert response.status_code == 416
    assert response["Content-Range"] == f"bytes */{len(CONTENT)}"
    assert response["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize(
    "wanted", ["bytes=9-5", "bytes=0-1,5-6", "lines=1-2", "bytes=a-b", "bytes=-", "bytes=" + "0-0," * 999]
)
def test_what_is_not_one_range_is_answered_with_the_whole_file(ask, wanted):
    response = ask(Range=wanted)

    assert response.status_code == 200
    assert body(response) == CONTENT


def test_a_part_of_another_version_is_not_continued(ask):
    same = ask(**{"Range": "bytes=5-", "If-Range": '"abc"'})
    other = ask(**{"Range": "bytes=5-", "If-Range": '"older"'})

    assert same.status_code == 206
    assert other.status_code == 200


@pytest.mark.parametrize("known", ['"abc"', 'W/"abc"', '"x", "abc"', "*"])
def test_what_the_reader_already_has_is_not_sent_again(ask, known):
    response = ask(**{"If-None-Match": known})

    assert response.status_code == 304
    assert response.content == b""


def test_a_head_tells_the_length_and_sends_nothing(ask):
    response = ask("head")

    assert response.status_code == 200
    assert response["Content-Length"] == str(len(CONTENT))
    assert response.content == b""


def test_a_file_is_read_in_chunks_and_closed_when_the_reader_goes_away(monkeypatch):
    monkeypatch.setattr(serve, "CHUNK_BYTES", 1000)
    file = default_storage.open(default_storage.save("some/file.bin", ContentFile(CONTENT)))
    part = serve.Part(file, 100, 5000)

    first = next(part)
    part.close()

    assert first == CONTENT[100:1100]
    assert file.closed


def test_a_lost_file_is_said_to_be_lost(ask):
    default_storage.delete("some/file.bin")

    with pytest.raises(FileLost):
        ask()


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ('a";x.bat', "a_x.bat"),
        ("../../etc/passwd", "passwd"),
        ("C:\\windows\\x.png", "x.png"),
        ("a\r\nSet-Cookie: x.png", "a_Set-Cookie_x.png"),
        ("..", "file"),
        ("Gesichter für Ann.png", "Gesichter_für_Ann.png"),
    ],
)
def test_a_download_has_a_name_that_nothing_reads_as_more_than_a_name(ask, name, safe):
    response = ask(filename=name)

    assert safe_name(name) == safe
    assert "\n" not in response["Content-Disposition"]
    assert response["Content-Disposition"].startswith("attachment")
