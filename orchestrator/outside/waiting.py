"""Waiting with an end: for as long as something still moves, and never for ever."""

import threading
import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")

STILL_SECONDS = 60.0  # nothing at all changed for so long: it never will
PAUSE_SECONDS = 0.25


class Stuck(Exception):
    """What was waited for does not come."""


class Motion:
    """Threads say here that something happened; who waits asks for how long nothing has."""

    def __init__(self, *, still_seconds: float = STILL_SECONDS) -> None:
        self.still_seconds = still_seconds
        self._moved_at = time.monotonic()
        self._lock = threading.Lock()

    def happened(self) -> None:
        with self._lock:
            self._moved_at = time.monotonic()

    def pause(self, waiting_for: str) -> None:
        """Sleep a little, or raise Stuck when there is no hope left."""
        if time.monotonic() - self._moved_at > self.still_seconds:
            raise Stuck(f"Nothing has happened for {self.still_seconds:.0f} s while waiting for {waiting_for}.")
        time.sleep(PAUSE_SECONDS)


def until(
    look: Callable[[], T], *, done: Callable[[T], bool], waiting_for: str, still_seconds: float = STILL_SECONDS
) -> T:
    """Look until it is done; Stuck when what one sees no longer changes. Answers the last look."""
    motion = Motion(still_seconds=still_seconds)
    before: T | None = None
    while not done(seen := look()):
        if seen != before:
            motion.happened()
            before = seen
        motion.pause(f"{waiting_for} (seen last: {seen})")
    return seen
