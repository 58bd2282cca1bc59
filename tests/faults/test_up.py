"""`manage.py up` is started, started again, interrupted and killed."""

import json
import os
import signal
import socket
import time

import httpx
import pytest

from orchestrator.embedded.supervisor import running
from tests.faults.terminal import mode_of, nothing_is_left, processes_of, surroundings

pytestmark = pytest.mark.xdist_group("up")


def test_first_start_lets_its_admin_in(living):
    known = json.loads((living.home / "first-admin.json").read_text())

    assert (known["url"], known["username"]) == (living.url, "admin")
    assert living.admin().get("/me").json()["username"] == "admin"

    assert mode_of(living.home) == 0o700
    assert mode_of(living.home / "first-admin.json") == mode_of(living.home / "secret-key") == 0o600


def test_second_up_says_who_is_running(living):
    second = living.type()
    said, _ = second.communicate(timeout=30)

    assert second.returncode == 1
    assert living.url in said
    assert str(living.up.pid) in said


def test_other_commands_use_the_one_that_runs_and_leave_it(living):
    with running(living.home, environment=surroundings(living.home)) as url:
        assert url == living.url

    assert httpx.get(f"{living.url}/livez").json() == {"status": "ok"}


@pytest.mark.parametrize("part", ["bin/postgres", "valkey-server", "-m orchestrator.web", "orchestrator worker"])
def test_killed_part_is_started_again(living, part):
    victim = _eventually(living.home, part)

    os.kill(victim, signal.SIGKILL)

    assert _eventually(living.home, part, other_than=victim) != victim
    _wait_until_ready(living.url)


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGHUP])
def test_asked_to_stop_it_stops_and_leaves_nothing(living, how):
    code = living.send(how)

    assert code == 0
    assert nothing_is_left(living.home, within=1), processes_of(living.home)


def test_killed_it_leaves_nothing_and_loses_no_acknowledged_row(living):
    admin = living.admin()
    acknowledged = [admin.post("/clients", json={"name": f"Client {time.time_ns()}"}) for _ in range(30)]
    assert {answer.status_code for answer in acknowledged} == {201}

    living.send(signal.SIGKILL)
    assert nothing_is_left(living.home, within=10), processes_of(living.home)

    living.start()
    after = living.admin()
    for answer in acknowledged:
        assert after.get(f"/clients/{answer.json()['id']}").status_code == 200


def test_later_start_keeps_the_admin(stopped):
    before = json.loads((stopped.home / "first-admin.json").read_text())

    stopped.start()
    after = json.loads((stopped.home / "first-admin.json").read_text())

    assert after["password"] == before["password"]
    assert after["url"] == stopped.url
    assert stopped.admin().get("/me").status_code == 200


def test_other_commands_start_it_when_it_does_not_run_and_stop_it(stopped):
    elsewhere = surroundings(stopped.home) | {"CANTHUS_ALLOWED_HOSTS": "canthus.example"}

    with running(stopped.home, host="127.0.0.2", environment=elsewhere) as url:
        assert url.startswith("http://127.0.0.2:")
        assert httpx.get(f"{url}/readyz").json() == {"status": "ok"}
        assert httpx.get(f"{url}/readyz", headers={"Host": "canthus.example"}).status_code == 200
        assert httpx.get(f"{url}/readyz", headers={"Host": "evil.example"}).status_code == 400

    assert nothing_is_left(stopped.home, within=1)


def test_port_that_is_taken_is_said_and_nothing_started(stopped):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        refused = stopped.type("--port", str(taken.getsockname()[1]))
        said, _ = refused.communicate(timeout=30)

    assert refused.returncode == 1
    assert "choose another with --port" in said
    assert nothing_is_left(stopped.home, within=1)


def test_named_database_that_does_not_answer_is_said_in_a_sentence(stopped):
    named = {"DATABASE_URL": "postgresql://ann@127.0.0.1:1/none", "CANTHUS_SECRET_KEY": "k" * 50}

    refused = stopped.type("--port", "0", **named)
    said, _ = refused.communicate(timeout=30)

    assert refused.returncode == 1
    assert "The database cannot be had" in said
    assert "Traceback" not in said
    assert nothing_is_left(stopped.home, within=1)


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
