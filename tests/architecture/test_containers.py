"""The container files: what can be said of them without running a container."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
COMPOSE = ROOT / "docker-compose.yml"
SECRETS = ("CANTHUS_SECRET_KEY", "POSTGRES_PASSWORD", "RABBITMQ_PASSWORD", "S3_ACCESS_KEY", "S3_SECRET_KEY")
OURS = ("web", "worker", "beat", "migrate", "bucket")


@pytest.fixture(scope="module")
def services():
    return yaml.safe_load(COMPOSE.read_text())["services"]


def test_dockerfile_pleases_its_linter():
    linter = Path(sys.executable).with_name("hadolint")

    found = subprocess.run([linter, ROOT / "Dockerfile"], capture_output=True, text=True)

    assert (found.returncode, found.stdout) == (0, "")


def test_image_is_not_root_and_holds_nothing_but_what_is_named():
    lines = (ROOT / "Dockerfile").read_text().splitlines()
    users = [line.split()[1] for line in lines if line.startswith("USER ")]

    assert users == ["10001"]
    assert not any("SECRET" in line or "PASSWORD" in line for line in lines)
    assert (ROOT / ".dockerignore").read_text().splitlines()[1] == "*"


def test_compose_accepts_the_file_once_every_secret_is_given(tmp_path):
    found = _compose_config(tmp_path, **dict.fromkeys(SECRETS, "x" * 64), CANTHUS_ALLOWED_HOSTS="canthus.example")

    assert found.returncode == 0, found.stderr
    assert "amqp://canthus:xxxx" in found.stdout


@pytest.mark.parametrize("missing", [*SECRETS, "CANTHUS_ALLOWED_HOSTS"])
def test_compose_refuses_to_start_without(missing, tmp_path):
    given = dict.fromkeys((*SECRETS, "CANTHUS_ALLOWED_HOSTS"), "x" * 64)
    del given[missing]

    found = _compose_config(tmp_path, **given)

    assert found.returncode != 0
    assert missing in found.stderr


def test_only_the_web_publishes_a_port_and_only_to_its_machine(services):
    published = {name: service["ports"] for name, service in services.items() if "ports" in service}

    assert published == {"web": ["${CANTHUS_PUBLISH:-127.0.0.1:8000}:8000"]}


def test_no_password_has_a_default(services):
    given = {
        f"{name}.{key}": str(value)
        for name, service in services.items()
        for key, value in service.get("environment", {}).items()
        if re.search("PASS|SECRET|ACCESS_KEY|_URL", key)
    }

    assert given
    assert {key for key, value in given.items() if not re.search(r"\$\{\w+:\?", value)} == set()


def test_web_worker_and_beat_are_one_image_without_privileges(services):
    for name in OURS:
        service = services[name]
        assert (service["image"], service["build"]) == ("canthus", ".")
        assert service["cap_drop"] == ["ALL"]
        assert "no-new-privileges:true" in service["security_opt"]
        assert "privileged" not in service
        assert "user" not in service


def test_whatever_keeps_running_is_watched_and_waits_for_what_it_needs(services):
    for name, service in services.items():
        once = service.get("restart") == "no"
        assert once or "healthcheck" in service, name
    for name in ("web", "worker", "beat"):
        waits = {other: wait["condition"] for other, wait in services[name]["depends_on"].items()}
        assert waits["migrate"] == "service_completed_successfully"
        assert waits["rabbitmq"] == "service_healthy"


def test_databases_and_storage_keep_their_data_and_are_reached_from_inside_only(services):
    networks = yaml.safe_load(COMPOSE.read_text())["networks"]

    assert networks["inside"] == {"internal": True}
    for name in ("postgres", "rabbitmq", "storage"):
        assert services[name]["networks"] == ["inside"]
        assert services[name]["volumes"]


def test_job_may_not_outlast_the_brokers_patience(services, settings):
    told = services["rabbitmq"]["environment"]["RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS"]
    patience_seconds = int(told.split()[-1]) / 1000

    assert patience_seconds > settings.CELERY_TASK_TIME_LIMIT


def _compose_config(folder, **given):
    compose = shutil.which("docker-compose")
    if compose is None:
        assert os.environ.get("CI") != "true", "docker-compose is missing: .ci/run installs it"
        pytest.skip("docker-compose is not installed")
    # A folder of its own, so that a .env beside the file is not read.
    shutil.copy(COMPOSE, folder)
    surroundings = {"PATH": os.environ["PATH"], "HOME": str(folder), **given}
    return subprocess.run([compose, "config"], cwd=folder, env=surroundings, capture_output=True, text=True)
