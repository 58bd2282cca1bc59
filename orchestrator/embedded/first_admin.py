"""The first admin of an installation: a random password that is nobody's default."""

import json
import secrets
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from django.db import IntegrityError, transaction

from orchestrator.embedded.secrets import overwrite
from projects.audit.trail import record
from projects.teams.models import User


@dataclass(frozen=True)
class FirstAdmin:
    url: str
    username: str
    password: str


def ensure(home: Path, url: str) -> FirstAdmin | None:
    """Create the first admin where there is none, and return it; None when somebody was there before.

    The file comes first and the user is made from it, so a start that is killed in between leaves
    a file whose password the next start makes true.
    """
    file = home / "first-admin.json"
    known = _read(file)
    if User.objects.filter(is_superuser=True).exists():
        if known and known.url != url:
            _write(file, replace(known, url=url))
        return None
    admin = replace(known, url=url) if known else FirstAdmin(url, "admin", secrets.token_urlsafe(16))
    _write(file, admin)
    try:
        with transaction.atomic():
            user = User.objects.create_user(admin.username, password=admin.password, is_superuser=True, is_staff=True)
            record("user.created", user, by=None, username=admin.username)
    except IntegrityError:  # Another home on the same database was faster: its file has the password.
        file.unlink()
        return None
    return admin


def _read(file: Path) -> FirstAdmin | None:
    return FirstAdmin(**json.loads(file.read_text())) if file.exists() else None


def _write(file: Path, admin: FirstAdmin) -> None:
    overwrite(file, json.dumps(asdict(admin), indent=2) + "\n")
