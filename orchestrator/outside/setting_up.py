"""Steps of setting up that find what is there: doing them twice, or after a kill, adds nothing twice."""

import secrets
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor

from orchestrator.outside.client import Client, Row
from orchestrator.outside.wire import Problem

THREADS = 8


class NotOurs(Exception):
    """What has this name was made by somebody else."""


def named(rows: Iterable[Row], name: str, *, by: str = "name") -> Row | None:
    return next((row for row in rows if row[by] == name), None)


def client_called(founder: Client, name: str) -> Row:
    return named(founder.clients(), name) or founder.add_client(name)


def team_called(founder: Client, name: str) -> Row:
    return named(founder.teams(), name) or founder.add_team(name)


def published_schema(founder: Client, name: str, *, preset: str) -> Row:
    """A schema of this name made from the preset, published."""
    known = named(founder.schemas(), name)
    schema = founder.schema(known["id"]) if known else founder.add_schema(name, preset=preset)
    return schema if schema["status"] == "published" else founder.publish_schema(schema["id"])


def fresh_password() -> str:
    return secrets.token_urlsafe(12)


def log_in_all(
    admin: Client, passwords: dict[str, str], *, founders: frozenset[str] = frozenset()
) -> dict[str, tuple[str, Client]]:
    """Everybody's id and her own client, logged in; those who have no account get one.

    Somebody who is there under another password is NotOurs: it is not ours to change.
    """
    there = {user["username"]: user["id"] for user in admin.users() if user["username"] in passwords}

    def come_in(username: str, password: str) -> tuple[str, Client]:
        person = admin.as_person(username, password)
        if username not in there:
            _enrol(admin, username, password, is_founder=username in founders)
        try:
            person.login()
        except Problem as problem:
            if problem.status != 401:
                raise
            raise NotOurs(f"There is already somebody called {username} here, with a password of her own.") from None
        return there.get(username) or person.me()["id"], person

    with ThreadPoolExecutor(THREADS) as threads:
        people = threads.map(come_in, passwords.keys(), passwords.values())
        return dict(zip(passwords, people, strict=True))


def _enrol(admin: Client, username: str, password: str, *, is_founder: bool) -> None:
    try:
        admin.add_user(username, password, is_founder=is_founder)
    except Problem as problem:
        # Taken: another run made her at this very moment, and the login will tell whether as we know her.
        if problem.status != 409:
            raise


def join_all(founder: Client, team: str, users: Iterable[str]) -> None:
    with ThreadPoolExecutor(THREADS) as threads:
        for _ in threads.map(lambda user: founder.add_member(team, user), users):
            pass
