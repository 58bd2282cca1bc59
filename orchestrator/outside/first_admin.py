"""Sign in as the first admin of an installation on this machine, by the file that its first start wrote."""

import json
from pathlib import Path

from orchestrator.outside.client import Client


class NoAdminFile(Exception):
    """There is no file with the first admin's password."""


def sign_in(anybody: Client, home: Path) -> Client:
    """The admin's own client, logged in."""
    file = home / "first-admin.json"
    if not file.exists():
        raise NoAdminFile(f"{file} is not there: set CANTHUS_HOME to the folder of the installation that is meant.")
    told = json.loads(file.read_text())
    admin = anybody.as_person(told["username"], told["password"])
    admin.login()
    return admin
