"""Who runs a home: one `up` at a time, and a way for other commands to have one running."""

import json
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from orchestrator.embedded import child, locks
from orchestrator.embedded.addresses import BESIDE_MANAGE_PY

LONGEST_START_SECONDS = 180
LONGEST_STOP_SECONDS = 60
LONGEST_SILENCE_SECONDS = 8  # between taking the lock and knowing one's port


@dataclass(frozen=True)
class Running:
    pid: int
    url: str


class AlreadyRunning(child.StartFailed):
    """Another `up` has this home."""


@contextmanager
def claimed(home: Path) -> Iterator[Callable[[str], None]]:
    """Hold the home, or refuse with the name of who does; call what is given with the address."""
    try:
        lock = locks.hold(home / "up.lock", patience=1)
    except locks.Busy:
        other = who(home)
        told = f"{other.url} (process {other.pid})" if other else "another process that is starting or stopping"
        raise AlreadyRunning(f"Canthus is already running on {home}: {told}.") from None
    try:
        os.truncate(lock, 0)
        yield lambda url: _write(lock, Running(os.getpid(), url))
    finally:
        os.truncate(lock, 0)
        os.close(lock)


def who(home: Path) -> Running | None:
    """The `up` that has this home, if one has."""
    give_up_at = time.monotonic() + LONGEST_SILENCE_SECONDS
    while locks.is_held(home / "up.lock") and time.monotonic() < give_up_at:
        if told := (home / "up.lock").read_text():
            return Running(**json.loads(told))
        time.sleep(0.05)
    return None


@contextmanager
def running(
    home: Path,
    *,
    host: str = "127.0.0.1",
    port: int = 0,
    workers: int = 2,
    environment: Mapping[str, str] | None = None,
) -> Iterator[str]:
    """The address of a ready `up` on this home: the one that runs, or one that is started here and stopped after.

    Port 0 is any free one. `environment` replaces the caller's own.
    """
    other = who(home)
    if other:
        _wait_until_ready(other.url)
        yield other.url
        return
    log = home / "log" / "up.log"
    asked = ["--host", host, "--port", str(port), "--workers", str(workers)]
    up = child.spawn(
        [sys.executable, BESIDE_MANAGE_PY / "manage.py", "up", *asked],
        log=log,
        when_parent_dies=signal.SIGTERM,
        folder=BESIDE_MANAGE_PY,
        environment={**(os.environ if environment is None else environment), "CANTHUS_HOME": str(home)},
    )
    try:
        child.wait_until(lambda: _is_started(home, up), up, log=log, patience=LONGEST_START_SECONDS)
        started = who(home)
        assert started, "it has just answered"
        yield started.url
    finally:
        child.stop({up: signal.SIGTERM}, patience=LONGEST_STOP_SECONDS)


def is_ready(url: str) -> bool:
    try:
        with urllib.request.urlopen(f"{url}/readyz", timeout=5):  # noqa: S310 - our own address
            return True
    except (urllib.error.URLError, OSError):
        return False


def _is_started(home: Path, up: subprocess.Popen[bytes]) -> bool:
    now = who(home)
    return now is not None and now.pid == up.pid and is_ready(now.url)


def _wait_until_ready(url: str) -> None:
    give_up_at = time.monotonic() + LONGEST_START_SECONDS
    while not is_ready(url):
        if time.monotonic() > give_up_at:
            raise child.StartFailed(f"{url} is running but does not become ready: see its logs.")
        time.sleep(0.1)


def _write(lock: int, running: Running) -> None:
    os.pwrite(lock, json.dumps(asdict(running)).encode(), 0)
