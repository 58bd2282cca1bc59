"""Processes that cannot outlive the one that started them."""

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import BinaryIO

from orchestrator.embedded.secrets import private_folder

LIBC = ctypes.CDLL(None, use_errno=True)
PR_SET_PDEATHSIG = 1  # linux/prctl.h
LARGEST_LOG_BYTES = 10 * 2**20
GROUP_GONE = (ProcessLookupError, PermissionError)  # macOS says the latter of a group of zombies


class StartFailed(Exception):
    """A server did not come up; the message says why and where to look."""


def spawn(
    command: Sequence[str | Path],
    *,
    log: Path,
    when_parent_dies: signal.Signals,
    folder: Path | None = None,
    environment: Mapping[str, str] | None = None,
    keep_open: Sequence[int] = (),
    first: Callable[[], None] = lambda: None,
) -> subprocess.Popen[bytes]:
    """Start the command in a session of its own, so that the terminal's Ctrl-C reaches its parent only.

    Call it from the main thread: Linux counts the death of the thread that forked as the parent's.
    """
    parent = os.getpid()

    def prepare() -> None:
        first()  # Before the next line, because a change of user clears the death signal.
        die_with(parent, when_parent_dies)

    with open_log(log) as output:
        return subprocess.Popen(  # noqa: S603 - our own commands, no shell
            [str(part) for part in command],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            cwd=folder,
            env=environment,
            pass_fds=keep_open,
            start_new_session=True,
            preexec_fn=prepare,
        )


def die_with(parent: int, by: signal.Signals) -> None:
    """Let the kernel signal this process when its parent is gone, however that one died."""
    if sys.platform != "linux":
        return  # Elsewhere a killed parent leaves its children; the next start waits for their locks.
    LIBC.prctl(PR_SET_PDEATHSIG, int(by))
    if os.getppid() != parent:  # It died before we asked.
        os._exit(1)


def stop(children: Mapping[subprocess.Popen[bytes], signal.Signals], *, patience: float) -> None:
    """Ask all to stop; after `patience` seconds stop asking. Their own children go with them."""
    for child, by in children.items():
        if child.poll() is None:
            child.send_signal(by)
    give_up_at = time.monotonic() + patience
    for child in children:
        try:
            child.wait(max(0.01, give_up_at - time.monotonic()))
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()
        with contextlib.suppress(*GROUP_GONE):
            os.killpg(child.pid, signal.SIGKILL)


def wait_until(answers: Callable[[], bool], child: subprocess.Popen[bytes], *, log: Path, patience: float) -> None:
    """Return when the server answers; refuse when it dies first or takes longer than `patience` seconds."""
    give_up_at = time.monotonic() + patience
    while not answers():
        if child.poll() is not None:
            raise StartFailed(f"{log.stem} stopped at once (exit code {child.returncode}). {tail(log)}")
        if time.monotonic() > give_up_at:
            raise StartFailed(f"{log.stem} does not answer after {patience:.0f} s. {tail(log)}")
        time.sleep(0.02)


def tail(log: Path, lines: int = 8) -> str:
    """The last words of a server, for the message that tells of its death."""
    with log.open("rb") as file:
        file.seek(max(0, log.stat().st_size - 4000))
        said = file.read().decode(errors="replace").splitlines()[-lines:]
    return "\n  ".join([f"The end of {log}:", *said])


def open_log(log: Path) -> BinaryIO:
    private_folder(log.parent)
    if log.exists() and log.stat().st_size > LARGEST_LOG_BYTES:
        log.rename(log.with_suffix(".old"))
    return log.open("ab")
