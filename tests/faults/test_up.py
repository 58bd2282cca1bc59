"""`manage.py up` is started, started again, interrupted and killed."""

import json
import os
import signal
import time

import httpx
import pytest

from orchestrator.embedded.supervisor import running
from tests.faults.terminal import mode_of, nothing_is_left, processes_of, surroundings

pytestmark = pytest.mark.xdist_group("up")  # One after the other: the start-up times are asserted.


def test_first_start_answers_soon_and_lets_its_admin_in(terminal):
    seconds = terminal.start()

    known = json.loads((terminal.home / "first-admin.json").read_text())
    assert (known["url"], known["username"]) == (terminal.url, "admin")
    assert terminal.admin().get("/me").json()["username"] == "admin"
    assert seconds < 20

    assert mode_of(terminal.home) == 0o700
    assert mode_of(terminal.home / "first-admin.json") == mode_of(terminal.home / "secret-key") == 0o600


def test_later_start_is_quick_and_keeps_the_admin(later):
    before = json.loads((later.home / "first-admin.json").read_text())

    seconds = later.start()
    after = json.loads((later.home / "first-admin.json").read_text())

    assert seconds < 5
    assert after["password"] == before["password"]
    assert after["url"] == later.url
    assert later.admin().get("/me").status_code == 200


def test_killed_between_file_and_user_the_next_start_makes_the_admin(terminal):
    terminal.home.mkdir(exist_ok=True)
    written = {"url": "http://127.0.0.1:1", "username": "admin", "password": "from-a-start-that-was-killed"}
    (terminal.home / "first-admin.json").write_text(json.dumps(written))

    terminal.start()

    assert terminal.admin().get("/me").json()["username"] == "admin"


def test_second_up_says_who_is_running(later):
    later.start()

    second = later.type()
    said, _ = second.communicate(timeout=30)

    assert second.returncode == 1
    assert later.url in said
    assert str(later.up.pid) in said


def test_other_commands_use_the_one_that_runs_and_leave_it(later):
    later.start()

    with running(later.home, environment=surroundings(later.home)) as url:
        assert url == later.url

    assert httpx.get(f"{later.url}/livez").json() == {"status": "ok"}


def test_other_commands_start_it_when_it_does_not_run_and_stop_it(kept_home):
    with running(kept_home, environment=surroundings(kept_home)) as url:
        assert httpx.get(f"{url}/readyz").json() == {"status": "ok"}

    assert nothing_is_left(kept_home, within=1)


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_asked_to_stop_it_stops_within_seconds_and_leaves_nothing(later, how):
    later.start()
    began_at = time.monotonic()

    code = later.send(how)

    assert code == 0
    assert time.monotonic() - began_at < 8
    assert nothing_is_left(later.home, within=1), processes_of(later.home)


def test_killed_it_leaves_nothing_and_loses_no_acknowledged_row(later):
    later.start()
    admin = later.admin()
    acknowledged = [admin.post("/clients", json={"name": f"Client {number} {time.time_ns()}"}) for number in range(30)]
    assert {answer.status_code for answer in acknowledged} == {201}

    later.send(signal.SIGKILL)
    assert nothing_is_left(later.home, within=10), processes_of(later.home)

    later.start()
    after = later.admin()
    for answer in acknowledged:
        assert after.get(f"/clients/{answer.json()['id']}").status_code == 200


@pytest.mark.parametrize("part", ["bin/postgres", "valkey-server", "celery --quiet -A orchestrator worker"])
def test_killed_part_is_started_again(later, part):
    later.start()
    victim = _eventually(later.home, part)

    os.kill(victim, signal.SIGKILL)

    successor = _eventually(later.home, part, other_than=victim)
    assert successor != victim
    _wait_until_ready(later.url)


def test_port_that_is_taken_is_said_at_once(later, free_port_taken):
    refused = later.type("--port", str(free_port_taken))
    said, _ = refused.communicate(timeout=30)

    assert refused.returncode == 1
    assert "choose another with --port" in said
    assert nothing_is_left(later.home, within=1)


@pytest.fixture
def free_port_taken():
    import socket

    with socket.create_server(("127.0.0.1", 0)) as taken:
        yield taken.getsockname()[1]


def _eventually(home, part, other_than=None):
    give_up_at = time.monotonic() + 15
    while time.monotonic() < give_up_at:
        for pid, command in sorted(processes_of(home).items()):
            if part in command and pid != other_than:
                return pid
        time.sleep(0.05)
    raise AssertionError(f"no {part} runs")


def _wait_until_ready(url):
    give_up_at = time.monotonic() + 15
    while time.monotonic() < give_up_at:
        try:
            if httpx.get(f"{url}/readyz", timeout=5).status_code == 200:
                return
        except httpx.TransportError:
            pass
        time.sleep(0.05)
    raise AssertionError(f"{url} does not become ready again")
