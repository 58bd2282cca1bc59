"""A whole service, as `up` starts it: on its embedded servers, and on those of this machine that answer."""

import json
import secrets
import shutil
import socket
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import psycopg
import pytest

from orchestrator.embedded.running import running
from tests.faults.terminal import surroundings

POSTGRES = "postgresql://postgres@127.0.0.1:5432"
BROKERS = {"rabbitmq": ("amqp://guest:guest@127.0.0.1:5672//", 5672), "redis": ("redis://127.0.0.1:6379/15", 6379)}


@dataclass(frozen=True)
class Service:
    url: str
    home: Path
    username: str
    password: str

    def login(self, username: str, password: str) -> httpx.Client:
        """A client of the API with a token of this person."""
        answer = httpx.post(f"{self.url}/api/v1/auth/token", json={"username": username, "password": password})
        assert answer.status_code == 200, answer.text
        return self.client(answer.json()["token"])

    def client(self, token: str | None = None) -> httpx.Client:
        headers = {"Authorization": f"Token {token}"} if token else {}
        return httpx.Client(base_url=f"{self.url}/api/v1/", headers=headers, timeout=30)


def answers(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


@contextmanager
def database_of_ones_own():
    """A new database on this machine's server, gone afterwards."""
    name = f"canthus_journey_{secrets.token_hex(6)}"
    with psycopg.connect(f"{POSTGRES}/postgres", autocommit=True) as server:
        server.execute(f"CREATE DATABASE {name}")
        try:
            yield f"{POSTGRES}/{name}"
        finally:
            server.execute(f"DROP DATABASE {name} WITH (FORCE)")


@contextmanager
def started(**environment: str):
    home = Path(tempfile.mkdtemp(prefix="canthus-home-", dir="/tmp"))
    try:
        with running(home, environment=surroundings(home) | environment) as url:
            admin = json.loads((home / "first-admin.json").read_text())
            yield Service(url, home, admin["username"], admin["password"])
    finally:
        shutil.rmtree(home, ignore_errors=True)


@pytest.fixture(scope="session")
def embedded():
    """The service on embedded servers, one for all journeys."""
    with started() as running_service:
        yield running_service


@pytest.fixture(scope="session", params=["embedded", *BROKERS])
def service(request):
    """The service on embedded servers; on PostgreSQL with RabbitMQ; on PostgreSQL with Redis."""
    if request.param == "embedded":
        yield request.getfixturevalue("embedded")
        return
    address, port = BROKERS[request.param]
    if not (answers(5432) and answers(port)):
        pytest.skip(f"PostgreSQL on 5432 and {request.param} on {port} do not both answer on this machine")
    with database_of_ones_own() as database_url:
        key = secrets.token_urlsafe(50)
        queue = f"canthus-{secrets.token_hex(6)}"
        with started(
            DATABASE_URL=database_url, CELERY_BROKER_URL=address, CANTHUS_SECRET_KEY=key, CANTHUS_QUEUE=queue
        ) as running_service:
            yield running_service
