"""Signs of life of a long job, so that what stops showing them can be taken over."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.db import connection

BEAT_EVERY_SECONDS = 10


@contextmanager
def beating(beat: Callable[[], bool], *, name: str) -> Iterator[None]:
    """Beat from a thread of its own, since one statement, upload or sum may take minutes; until it answers False."""
    over = threading.Event()

    def go_on() -> None:
        try:
            while not over.wait(BEAT_EVERY_SECONDS) and beat():
                pass
        finally:
            connection.close()  # this thread's own

    thread = threading.Thread(target=go_on, name=f"beat of {name}", daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()
