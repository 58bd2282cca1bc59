"""The demo makes a small living world through HTTP, once, however often it is started or killed."""

import json
import shutil
import signal
import stat
import subprocess
import time

import pytest

from orchestrator.demo.cast import ROLES
from orchestrator.demo.world import PROJECT
from orchestrator.outside.client import Client
from tests.journeys.typed import run, start

FACES = 12
DEMO = ("demo", "--exit", "--port", "0", "--faces", str(FACES))


@pytest.fixture(scope="module")
def said(embedded):
    """What the demo said at its end; it was killed once on the way."""
    first = start(embedded.home, *DEMO)
    admin = Client(embedded.url, username=embedded.username, password=embedded.password)
    give_up_at = time.monotonic() + 120
    while not answered(admin) and first.poll() is None:
        assert time.monotonic() < give_up_at, "the demo does not begin"
        time.sleep(0.1)
    first.send_signal(signal.SIGKILL)
    first.communicate()
    code, printed, beside = run(embedded.home, *DEMO)
    assert code == 0, beside
    return printed


@pytest.fixture
def admin(embedded, said):
    return Client(embedded.url, username=embedded.username, password=embedded.password)


def answered(admin):
    projects = [project for project in admin.projects() if project["name"] == PROJECT]
    return projects and admin.progress(projects[0]["id"])["answers"] > 3


def world(admin):
    """Everything that could have been made twice, counted."""
    (project,) = (project for project in admin.projects() if project["name"] == PROJECT)
    progress = admin.progress(project["id"])
    return {
        "users": len({user["username"] for user in admin.users()} & set(ROLES)),
        "teams": sorted(team["name"] for team in admin.teams() if team["name"] in {"Herons", "Lynxes"}),
        "assets": progress["assets"],
        "tasks": sum(progress["tasks"].values()),
        "answers": progress["answers"],
        "releases": [(each["version"], each["status"]) for each in admin.releases(project["id"])],
    }


def test_a_killed_demo_goes_on_and_makes_nothing_twice(admin):
    seen = world(admin)

    assert seen["users"] == len(ROLES)
    assert seen["teams"] == ["Herons", "Lynxes"]
    assert (seen["assets"], seen["tasks"]) == (FACES, FACES)
    assert seen["releases"] == [(1, "published")]
    assert seen["answers"] >= 3 * (FACES - FACES // 4)


def test_started_again_it_adds_nothing(embedded, admin):
    before = world(admin)

    code, printed, beside = run(embedded.home, *DEMO)

    assert code == 0, beside
    assert "is alive at" in printed
    assert world(admin) == before


def test_passwords_are_for_the_owner_only_and_work(embedded, said):
    file = embedded.home / "demo.json"
    people = json.loads(file.read_text())["people"]

    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert {name: person["role"] for name, person in people.items()} == ROLES
    clea = Client(embedded.url, username="clea", password=people["clea"]["password"])
    assert [role["role"] for role in clea.me()["roles"]] == ["client"]


@pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not here")
def test_the_commands_it_prints_work_when_pasted(said, tmp_path):
    lines = [line.strip() for line in said.splitlines() if "curl" in line]

    # --fail: a refusal must not pass as an answer.
    script = "set -e\n" + "\n".join(line.replace("curl -s", "curl -sS --fail") for line in lines)
    ran = subprocess.run(["bash", "-c", script], cwd=tmp_path, capture_output=True, text=True, timeout=60)

    assert ran.returncode == 0, ran.stderr
    assert len(json.loads((tmp_path / "annotations.json").read_text())["annotations"]) > 0
