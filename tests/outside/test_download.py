"""A download goes on where it broke off, and a file gets its name only when it is whole."""

import hashlib

import pytest

from orchestrator.outside.client import Client
from orchestrator.outside.download import Damaged, fetch
from tests.outside.server import reply, serving

CONTENT = bytes(range(256)) * 40
SHA256 = hashlib.sha256(CONTENT).hexdigest()


def ranged(request):
    start = int((request.headers.get("Range") or "bytes=0-").removeprefix("bytes=").removesuffix("-"))
    if start >= len(CONTENT):
        reply(request, 416, b"")
    elif start:
        reply(request, 206, CONTENT[start:], Content_Range=f"bytes {start}-{len(CONTENT) - 1}/{len(CONTENT)}")
    else:
        reply(request, 200, CONTENT)


def test_a_cut_download_goes_on_where_it_stopped(tmp_path):
    def answer(request):
        if len(seen) == 1:  # promises all, sends half, hangs up
            request.send_response(200)
            request.send_header("Content-Length", str(len(CONTENT)))
            request.end_headers()
            request.wfile.write(CONTENT[:5000])
            request.close_connection = True
        else:
            ranged(request)

    with serving(answer) as (url, seen):
        file = fetch(Client(url), "r1", "pts/ann.pts", into=tmp_path, sha256=SHA256)

    assert file.read_bytes() == CONTENT
    assert [request.headers.get("Range") for request in seen] == [None, "bytes=5000-"]
    assert [each.name for each in (tmp_path / "pts").iterdir()] == ["ann.pts"]


@pytest.mark.parametrize("there", [100, len(CONTENT)])
def test_what_a_killed_download_left_is_used(tmp_path, there):
    (tmp_path / "coco.json.part").write_bytes(CONTENT[:there])

    with serving(ranged) as (url, seen):
        file = fetch(Client(url), "r1", "coco.json", into=tmp_path, sha256=SHA256)

    assert file.read_bytes() == CONTENT
    assert seen[0].headers["Range"] == f"bytes={there}-"


def test_damaged_bytes_never_get_the_name(tmp_path):
    with serving(ranged) as (url, _), pytest.raises(Damaged, match="Download it again"):
        fetch(Client(url), "r1", "coco.json", into=tmp_path, sha256="0" * 64)

    assert list(tmp_path.iterdir()) == []


def test_a_path_out_of_the_folder_is_refused_unasked(tmp_path):
    with serving(ranged) as (url, seen), pytest.raises(Damaged, match="leads out"):
        fetch(Client(url), "r1", "../../passwd", into=tmp_path / "release", sha256=SHA256)

    assert not seen
