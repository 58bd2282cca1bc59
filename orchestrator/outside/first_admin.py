"""Sign in as the first admin of an installation on this machine, by the file that its first start wrote."""

import json
from pathlib import Path

from orchestrator.outside.client import Client


class NoAdminFile(Exception):
    """There is no file with the first admin's password."""


FILE = "first-admin.json"


def sign_in(anybody: Client, file: Path) -> Client:
    """The admin's own client, logged in; the file has username and password."""
    if not file.exists():
        raise NoAdminFile(
            f"{file} is not there: it has the admin's username and password, as the first start wrote it."
        )
    told = json.loads(file.read_text())
    admin = anybody.as_person(told["username"], told["password"])
    admin.login()
    return admin
