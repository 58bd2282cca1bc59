"""What `up` keeps running, and its patience with a part that keeps dying."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from orchestrator.embedded import child
from orchestrator.embedded.addresses import BESIDE_MANAGE_PY

MOST_DEATHS = 5
WITHIN_SECONDS = 60
FIRST_WAIT_SECONDS = 0.5


class Part(Protocol):
    """A server or a process of ours."""

    name: str
    log: Path
    child: subprocess.Popen[bytes] | None

    def start(self) -> object: ...


class Program:
    """A Python program of ours, killed by the kernel when `up` is."""

    def __init__(self, name: str, home: Path, module: str, *arguments: str, **environment: str) -> None:
        self.name = name
        self.environment = {"CANTHUS_HOME": str(home), **environment}
        self.log = home / "log" / f"{name}.log"
        self.command: Sequence[str] = [sys.executable, "-m", module, *arguments]
        self.child: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        self.child = child.spawn(
            self.command,
            log=self.log,
            when_parent_dies=signal.SIGTERM if self.name == "web" else signal.SIGKILL,
            folder=BESIDE_MANAGE_PY,
            environment={**os.environ, **self.environment},
        )


def web(home: Path, host: str, port: int, workers: int, *, names: Sequence[str]) -> Program:
    """`names` are the host names it answers to."""
    asked = ["--host", host, "--port", str(port), "--workers", str(workers)]
    return Program("web", home, "orchestrator.web", *asked, CANTHUS_ALLOWED_HOSTS=",".join(names))


def worker(home: Path) -> Program:
    """Threads: quick to start, one process to kill, and NumPy lets go of the interpreter while it works."""
    quiet = ["--loglevel", "WARNING", "--without-gossip", "--without-mingle", "--without-heartbeat"]
    return Program(
        "worker", home, "celery", "--quiet", "-A", "orchestrator", "worker", "--pool", "threads", "-c", "4", *quiet
    )


def beat(home: Path) -> Program:
    kept = ["--schedule", str(home / "beat-schedule"), "--pidfile="]
    return Program("beat", home, "celery", "--quiet", "-A", "orchestrator", "beat", "--loglevel", "WARNING", *kept)


class Restarts:
    """Starts a dead part again, later each time, and gives up on one that keeps dying."""

    def __init__(self) -> None:
        self.deaths: dict[str, list[float]] = {}
        self.due_at: dict[str, float] = {}

    def look_after(self, part: Part) -> str | None:
        """Return what there is to tell, if anything."""
        if part.child is None or part.child.poll() is None:
            return None
        now = time.monotonic()
        if part.name not in self.due_at:
            recent = [died_at for died_at in self.deaths.get(part.name, []) if now - died_at < WITHIN_SECONDS]
            self.deaths[part.name] = [*recent, now]
            if len(recent) + 1 >= MOST_DEATHS:
                raise child.StartFailed(
                    f"{part.name} died {MOST_DEATHS} times within {WITHIN_SECONDS} s. {child.tail(part.log)}"
                )
            wait = FIRST_WAIT_SECONDS * 2 ** len(recent)
            self.due_at[part.name] = now + wait
            return f"{part.name} died (exit code {part.child.returncode}); starting it again in {wait:g} s"
        if now < self.due_at[part.name]:
            return None
        del self.due_at[part.name]
        child.stop({part.child: signal.SIGKILL}, patience=1)  # what it left of its own children
        part.start()
        return f"{part.name} is started again"
