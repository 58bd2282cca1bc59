"""Locks that the kernel drops when their last holder dies, so that none is ever stale."""

import fcntl
import os
import time
from pathlib import Path

from orchestrator.embedded.secrets import private_folder


class Busy(Exception):
    """Somebody else holds the lock."""


def hold(file: Path, *, patience: float) -> int:
    """Lock the file and return its descriptor; closing that, or dying, lets go.

    A process that inherits the descriptor holds the lock too: given to a server, it tells whether any
    process of that server is still alive, which no pid file can (a pid may be a zombie's, or a stranger's).
    """
    private_folder(file.parent)
    descriptor = os.open(file, os.O_RDWR | os.O_CREAT, 0o600)
    give_up_at = time.monotonic() + patience
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return descriptor
        except BlockingIOError:
            if time.monotonic() > give_up_at:
                os.close(descriptor)
                raise Busy(f"{file} is held by another process.") from None
            time.sleep(0.02)


def is_held(file: Path) -> bool:
    try:
        descriptor = os.open(file, os.O_RDWR)
    except FileNotFoundError:
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(descriptor)
    return False
