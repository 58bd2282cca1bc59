"""The embedded servers are killed, half-made and left with stale files, and start all the same."""

import contextlib
import os
import signal
import subprocess
import sys
import threading
import time

import psycopg
import pytest

from orchestrator.embedded import addresses, child, locks, parts
from orchestrator.embedded.postgres import Postgres
from orchestrator.embedded.secrets import private_folder
from orchestrator.embedded.valkey import Valkey
from tests.faults.terminal import nothing_is_left, processes_of, surroundings


@pytest.fixture
def durable(home):
    server = Postgres(home)
    yield server
    server.stop()


@pytest.fixture
def postgres(home):
    """One that does not wait for the disk, where only its processes matter."""
    server = Postgres(home, durable=False)
    yield server
    server.stop()


def test_every_acknowledged_commit_outlives_a_killed_postgres(durable):
    durable.start()
    with psycopg.connect(durable.url, autocommit=True) as connection:
        connection.execute("CREATE TABLE kept (number integer PRIMARY KEY)")
    acknowledged: list[int] = []
    writer = threading.Thread(target=_write_until_killed, args=(durable.url, acknowledged))
    writer.start()
    time.sleep(0.5)

    os.kill(durable.pid, signal.SIGKILL)
    writer.join()
    # Not waited for: to everyone else the old server is a zombie whose pid is still taken.
    again = Postgres(durable.data.parent)
    again.start()

    with psycopg.connect(again.url) as connection:
        kept = {number for (number,) in connection.execute("SELECT number FROM kept")}
    again.stop()
    assert acknowledged
    assert kept.issuperset(acknowledged)


def test_pid_file_that_names_a_stranger_does_not_stop_the_start(postgres):
    postgres.start()
    postgres.stop()
    (postgres.data / "postmaster.pid").write_text(f"{os.getppid()}\n{postgres.data}\n")
    (postgres.run / f"{addresses.POSTGRES_SOCKET}.lock").write_text(f"{os.getppid()}\n")

    postgres.start()

    with psycopg.connect(postgres.url) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)


def test_start_waits_for_the_last_orphan_of_a_killed_server(postgres):
    postgres.start()
    connection = psycopg.connect(postgres.url)
    orphan = connection.info.backend_pid
    os.kill(orphan, signal.SIGSTOP)
    os.kill(postgres.pid, signal.SIGKILL)
    wake = threading.Timer(1, os.kill, (orphan, signal.SIGCONT))
    wake.start()
    began_at = time.monotonic()

    again = Postgres(postgres.data.parent, durable=False)
    again.start()
    waited_seconds = time.monotonic() - began_at
    left = processes_of(postgres.data.parent)
    again.stop()

    assert waited_seconds > 0.9
    assert orphan not in left


def test_half_made_data_folder_is_made_anew(postgres):
    half = private_folder(postgres.data.parent / "postgres-new-killed")
    (half / "PG_VERSION").write_text("18\n")

    postgres.start()

    assert not half.exists()
    assert (postgres.data / "global").exists()


def test_second_server_on_one_folder_is_refused(postgres, monkeypatch):
    monkeypatch.setattr("orchestrator.embedded.postgres.LONGEST_SHUTDOWN_SECONDS", 0.2)
    postgres.start()

    with pytest.raises(locks.Busy):
        Postgres(postgres.data.parent, durable=False).start()


def test_reached_by_socket_only_and_by_its_owner_only(durable):
    durable.start()

    with psycopg.connect(durable.url) as connection:
        shown = {name: connection.execute(f"SHOW {name}").fetchone()[0] for name in ("listen_addresses", "fsync")}
        (superuser,) = connection.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user").fetchone()

    assert shown == {"listen_addresses": "", "fsync": "on"}
    assert not superuser
    assert durable.run.stat().st_mode & 0o077 == durable.data.stat().st_mode & 0o077 == 0


def test_long_home_still_gets_a_socket(home):
    deep = home / ("a-very-long-name-" * 8)
    server = Postgres(deep, durable=False)

    server.start()
    server.stop()

    assert str(server.run).startswith("/tmp/canthus-")
    assert server.run.stat().st_mode & 0o077 == 0
    server.run.rmdir()


def test_run_folder_of_somebody_else_is_refused(home):
    elsewhere = home / "elsewhere"
    elsewhere.mkdir()
    (home / "link").symlink_to(elsewhere)

    with pytest.raises(PermissionError, match="belongs to somebody else"):
        private_folder(home / "link")


def test_killed_valkey_starts_again_with_its_messages(home):
    first = Valkey(home)
    first.start()
    assert _tell_valkey(first, b"SET greeting hello\r\n") == b"+OK"
    time.sleep(1.5)  # The file is synced every second.

    os.kill(first.pid, signal.SIGKILL)
    again = Valkey(home)
    again.start()

    assert _tell_valkey(again, b"GET greeting\r\n").endswith(b"hello")
    again.stop()


def test_eight_first_starts_agree_on_one_secret_key(home):
    ask = "import sys; from pathlib import Path; from orchestrator.embedded import secrets"
    ask += "; print(secrets.secret_key(Path(sys.argv[1])))"
    command = [sys.executable, "-c", ask, str(home / "new")]

    asked = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(8)]
    keys = {process.communicate()[0].strip() for process in asked}

    assert len(keys) == 1
    assert len(keys.pop()) > 50


def test_server_dies_with_a_killed_parent_even_as_it_starts(home):
    start = "from pathlib import Path; import sys; from orchestrator.embedded.postgres import Postgres"
    start += "; Postgres(Path(sys.argv[1])).start(); print('up', flush=True); sys.stdin.read()"
    parent = subprocess.Popen(
        [sys.executable, "-c", start, str(home)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=surroundings(home),
    )
    assert parent.stdout.readline() == b"up\n"

    parent.kill()
    parent.wait()

    assert nothing_is_left(home, within=10), processes_of(home)


def test_part_that_keeps_dying_is_given_up_with_its_last_words(home, monkeypatch):
    monkeypatch.setattr(parts, "FIRST_WAIT_SECONDS", 0.01)
    broken = parts.Program("broken", home, "no_such_module")
    broken.start()
    restarts = parts.Restarts()

    with pytest.raises(child.StartFailed, match="No module named no_such_module"):
        _look_after(broken, restarts)

    assert len(restarts.deaths["broken"]) == parts.MOST_DEATHS


def _write_until_killed(url, acknowledged):
    with contextlib.suppress(psycopg.OperationalError), psycopg.connect(url, autocommit=True) as connection:
        for number in range(1_000_000):
            connection.execute("INSERT INTO kept VALUES (%s)", [number])
            acknowledged.append(number)


def _look_after(part, restarts):
    while True:
        restarts.look_after(part)
        time.sleep(0.01)


def _tell_valkey(server, command):
    import socket

    with socket.socket(socket.AF_UNIX) as connection:
        connection.connect(str(server.socket))
        connection.sendall(command)
        return connection.recv(100).strip()
