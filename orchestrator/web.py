"""The web server: imports the service once, then forks its workers, which saves seconds at the start."""

import argparse
import os
import signal
from collections.abc import Callable

from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels

from orchestrator.embedded.child import die_with
from orchestrator.wsgi import application

THREADS_PER_WORKER = 8
LONGEST_REQUEST_AT_STOP_SECONDS = 5


def serve(host: str, port: int, workers: int) -> None:
    parent = os.getpid()

    def load() -> Callable[..., object]:
        die_with(parent, signal.SIGKILL)
        return application

    server = Granian(
        "orchestrator.wsgi:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=THREADS_PER_WORKER,
        backpressure=THREADS_PER_WORKER * 8,
        respawn_failed_workers=True,
        respawn_interval=0.5,
        workers_kill_timeout=LONGEST_REQUEST_AT_STOP_SECONDS,
        log_level=LogLevels.warning,
    )
    server.serve(target_loader=load, wrap_loader=False)


if __name__ == "__main__":
    asked = argparse.ArgumentParser()
    asked.add_argument("--host", required=True)
    asked.add_argument("--port", type=int, required=True)
    asked.add_argument("--workers", type=int, required=True)
    given = asked.parse_args()
    serve(given.host, given.port, given.workers)
