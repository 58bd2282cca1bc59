"""Everything in one terminal: embedded servers, migrations, web, worker and beat, started and stopped together."""

import os
import signal
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn

from django.conf import settings
from django.core.checks import Tags, run_checks
from django.core.management import call_command
from django.db import OperationalError, connection

from orchestrator import health
from orchestrator.embedded import child, first_admin, parts
from orchestrator.embedded.postgres import Postgres
from orchestrator.embedded.running import claimed, is_ready
from orchestrator.embedded.running import running as running  # for whoever needs everything running
from orchestrator.embedded.valkey import Valkey

STOPS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
ANY_ADDRESS = {"0.0.0.0", "::"}  # noqa: S104 - recognised, not chosen
LONGEST_WEB_START_SECONDS = 120
LONGEST_STOP_SECONDS = 8
LONGEST_PORT_WAIT_SECONDS = 3
MIGRATION_LOCK = 0x63616E74  # "cant": two `up` on one database migrate one after the other


class Interrupted(Exception):
    """Somebody wants us to stop."""


class Supervisor:
    """Runs until it is interrupted, or until a part cannot be kept alive."""

    def __init__(self, home: Path, *, host: str, port: int, workers: int, say: Callable[[str], None] = print) -> None:
        self.home = home
        self.host = host
        self.workers = workers
        self.say = say
        self.port = port
        self.parts: list[parts.Part] = []
        self.heard: list[int] = []

    @property
    def name(self) -> str:
        """The host as it stands in an address."""
        shown = "127.0.0.1" if self.host in ANY_ADDRESS else self.host
        return f"[{shown}]" if ":" in shown else shown

    @property
    def url(self) -> str:
        return f"http://{self.name}:{self.port}"

    def run(self) -> None:
        # The port is held until the end, so that nobody takes it before the web server does.
        with signals_heard() as heard, claimed(self.home) as tell, reserve(self.host, self.port) as reserved:
            self.port = reserved.getsockname()[1]
            self.heard = heard
            tell(self.url)
            try:
                self._start()
                self._watch()
            except (Interrupted, KeyboardInterrupt):
                self.say("Stopping.")
            finally:
                for stop in STOPS:
                    signal.signal(stop, signal.SIG_IGN)
                self._stop()

    def _start(self) -> None:
        if settings.EMBEDDED:
            self._start_part(Postgres(self.home))
        if not os.environ.get("CELERY_BROKER_URL"):
            self._start_part(Valkey(self.home))
        migrate()
        self._go_on()
        admin = first_admin.ensure(self.home, self.url)
        # Whatever names are allowed, we ask by this one whether it is ready.
        names = [*settings.ALLOWED_HOSTS, self.name]
        web = parts.web(self.home, self.host, self.port, self.workers, names=names)
        self._start_part(web)
        child.wait_until(self._is_ready, web.child, log=web.log, patience=LONGEST_WEB_START_SECONDS)
        self.say(f"Canthus answers at {self.url}")
        if admin:
            self.say(f"Sign in as {admin.username} with {admin.password} (also in {self.home}/first-admin.json)")
        self.say(f"Data is in {self.home}, logs in {self.home}/log. Ctrl-C stops everything.")
        # Start-up is counted to the first answer, and two cores are few: background work begins now.
        self._start_part(parts.worker(self.home))
        self._start_part(parts.beat(self.home))

    def _watch(self) -> NoReturn:
        restarts = parts.Restarts()
        while True:
            self._go_on()
            for part in self.parts:
                if told := restarts.look_after(part):
                    self.say(told)
            time.sleep(0.2)

    def _start_part(self, part: parts.Part) -> None:
        self._go_on()
        self.parts.append(part)
        part.start()

    def _is_ready(self) -> bool:
        self._go_on()
        return is_ready(self.url)

    def _go_on(self) -> None:
        if self.heard:
            raise Interrupted

    def _stop(self) -> None:
        """Those who ask go before those who answer."""
        programs = {part.child: signal.SIGTERM for part in self.parts if isinstance(part, parts.Program) and part.child}
        child.stop(programs, patience=LONGEST_STOP_SECONDS)
        for part in reversed(self.parts):
            if isinstance(part, Postgres | Valkey):
                part.stop()


def reserve(host: str, port: int) -> socket.socket:
    """Bind the port without listening; only then allow sharing, so that two cannot both be first."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    give_up_at = time.monotonic() + LONGEST_PORT_WAIT_SECONDS  # A killed predecessor may need a moment to go.
    while True:
        reserved = socket.socket(family)
        reserved.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            reserved.bind((host, port))
        except OSError as refusal:
            reserved.close()
            if time.monotonic() > give_up_at:
                raise child.StartFailed(
                    f"{host}:{port} cannot be had ({refusal.strerror}): choose another with --port."
                ) from None
            time.sleep(0.1)
        else:
            reserved.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
            return reserved


def migrate() -> None:
    """Bring the database up to this code, unless it cannot be reached or forgets what it acknowledges."""
    try:
        connection.ensure_connection()
    except OperationalError as refusal:
        raise child.StartFailed(f"The database cannot be had: {refusal}") from None
    found = run_checks(tags=[Tags.database], databases=["default"])
    if serious := [message for message in found if message.is_serious()]:
        raise child.StartFailed("\n".join(f"{message.msg} {message.hint or ''}" for message in serious))
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [MIGRATION_LOCK])
        try:
            if health.unapplied():
                call_command("migrate", verbosity=0, interactive=False)
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [MIGRATION_LOCK])


@contextmanager
def signals_heard() -> Iterator[list[int]]:
    """The stop signals that have come: Ctrl-C, `kill`, a closed terminal. A second one breaks into what is under way.

    The first is only noted: an exception raised just anywhere can vanish in a destructor.
    """
    heard: list[int] = []

    def hear(number: int, frame: object) -> None:
        heard.append(number)
        if len(heard) > 1:
            raise KeyboardInterrupt

    before = {stop: signal.getsignal(stop) for stop in STOPS}
    for stop in STOPS:
        if not (stop == signal.SIGHUP and before[stop] == signal.SIG_IGN):  # nohup
            signal.signal(stop, hear)
    try:
        yield heard
    finally:
        for stop, handler in before.items():
            signal.signal(stop, handler)
