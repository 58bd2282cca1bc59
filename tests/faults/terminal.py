"""A terminal in which somebody runs `manage.py up`: real processes, real signals, nothing shared with the test run."""

import json
import os
import signal
import stat
import subprocess
import sys
import time
from pathlib import Path

import httpx

from orchestrator.embedded.addresses import BESIDE_MANAGE_PY
from orchestrator.embedded.running import is_ready, who

OURS = ("CANTHUS_", "DATABASE_URL", "CELERY_", "DJANGO_")


def surroundings(home: Path) -> dict[str, str]:
    """The environment of somebody who has set nothing but the home."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(OURS)}
    return kept | {"CANTHUS_HOME": str(home)}


class Terminal:
    def __init__(self, home: Path) -> None:
        self.home = home
        self.up: subprocess.Popen[str] | None = None
        self.url = ""

    def is_running(self) -> bool:
        return self.up is not None and self.up.poll() is None

    def start(self) -> None:
        """Type the command and wait for the first 200."""
        began_at = time.monotonic()
        self.up = self.type("--port", "0")
        while not (now := who(self.home)) or now.pid != self.up.pid or not is_ready(now.url):
            assert self.up.poll() is None, self.up.stdout.read()
            assert time.monotonic() - began_at < 120, "up does not become ready"
            time.sleep(0.02)
        self.url = now.url

    def type(self, *arguments: str, **environment: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "manage.py", "up", *arguments],
            cwd=BESIDE_MANAGE_PY,
            env=surroundings(self.home) | environment,
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )

    def send(self, number: signal.Signals) -> int:
        self.up.send_signal(number)
        return self.up.wait(30)

    def admin(self) -> httpx.Client:
        """Signed in with what the first start wrote down."""
        known = json.loads((self.home / "first-admin.json").read_text())
        client = httpx.Client(base_url=f"{self.url}/api/v1", timeout=10)
        asked = client.post("/auth/token", json={"username": known["username"], "password": known["password"]})
        assert asked.status_code == 200, asked.text
        client.headers["Authorization"] = f"Token {asked.json()['token']}"
        return client

    def close(self) -> None:
        if self.is_running():
            assert self.send(signal.SIGTERM) == 0, self.up.stdout.read()


def processes_of(home: Path) -> dict[int, str]:
    """Whatever is alive and has to do with this home: by its command line, environment or folder."""
    found = {}
    for process in Path("/proc").glob("[0-9]*"):
        try:
            command = (process / "cmdline").read_bytes().replace(b"\0", b" ")
            known = command + (process / "environ").read_bytes() + os.fsencode((process / "cwd").readlink())
        except OSError:  # It ended, or is a zombie, or is not ours to look at.
            continue
        if os.fsencode(home) in known and int(process.name) != os.getpid():
            found[int(process.name)] = command.decode(errors="replace")
    return found


def nothing_is_left(home: Path, *, within: float) -> bool:
    give_up_at = time.monotonic() + within
    while processes_of(home):
        if time.monotonic() > give_up_at:
            return False
        time.sleep(0.05)
    return True


def mode_of(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)
