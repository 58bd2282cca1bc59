"""Fetch a release's file piece by piece, going on where a cut connection stopped, and check what arrived."""

import hashlib
import os
import time
from pathlib import Path
from urllib.parse import quote

import httpx

from orchestrator.outside.client import Client
from orchestrator.outside.wire import Unreachable, problem_of

REPEATS = 6


class Damaged(Exception):
    """What arrived is not what the release says it is."""


def fetch(client: Client, release: str, path: str, *, into: Path, sha256: str) -> Path:
    """Download one file under `into`; a `.part` left by an earlier, killed download is continued.

    The file gets its name only once its SHA-256 agrees, so a file that is there is whole.
    """
    whole = inside(into, path)
    part = whole.with_name(whole.name + ".part")
    whole.parent.mkdir(parents=True, exist_ok=True)
    address = client.address(f"/releases/{release}/files/{quote(path)}")
    for repeat in range(REPEATS):
        try:
            _continue(client, address, part)
            break
        except httpx.TransportError as cut:
            if repeat == REPEATS - 1:
                raise Unreachable(f"{address} broke off {REPEATS} times: {cut!r}") from cut
            time.sleep(0.1 * 2**repeat)
    got = digest(part)
    if got != sha256:
        part.unlink()
        raise Damaged(f"{path}: SHA-256 {got} arrived, {sha256} was promised. Download it again.")
    os.replace(part, whole)
    return whole


def inside(folder: Path, path: str) -> Path:
    """A file's place under the folder; a path that leads out of it is refused, whoever sent it."""
    place = (folder / path).resolve()
    if not place.is_relative_to(folder.resolve()):
        raise Damaged(f"{path!r} leads out of the folder of the release.")
    return place


def digest(file: Path) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _continue(client: Client, address: str, part: Path) -> None:
    have = part.stat().st_size if part.exists() else 0
    headers = client.signed() | {"Accept-Encoding": "identity"}  # the digest is of the file's own bytes
    if have:
        headers["Range"] = f"bytes={have}-"
    with client.http.stream("GET", address, headers=headers) as response:
        if response.status_code == 416:
            return  # Everything was here already; the digest will tell.
        if response.status_code >= 400:
            response.read()
            raise problem_of(response)
        with part.open("ab" if response.status_code == 206 else "wb") as stream:
            for chunk in response.iter_raw():  # as it comes: a cut must not cost what had arrived
                stream.write(chunk)
