"""What Django must refuse to start with."""

import os

from django.core.checks import CheckMessage, Error, Tags, register
from django.db import connections

FORGETFUL = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


@register(Tags.database)
def commits_are_durable(databases: list[str] | None, **others: object) -> list[CheckMessage]:
    """An answer is acknowledged when it is committed, so a commit must outlive a power cut."""
    if os.environ.get("CANTHUS_ALLOW_UNSAFE_DATABASE") == "1":
        return []
    return [
        Error(
            f"PostgreSQL runs with {setting} = off: acknowledged answers could be lost.",
            hint=f"Set {setting} = on. (Tests set CANTHUS_ALLOW_UNSAFE_DATABASE=1.)",
            id="canthus.E001",
        )
        for alias in databases or []
        for setting in _forgetful_settings(alias)
    ]


def _forgetful_settings(alias: str) -> list[str]:
    with connections[alias].cursor() as cursor:
        cursor.execute("SELECT name, setting FROM pg_settings WHERE name = ANY(%s)", [list(FORGETFUL)])
        return sorted(name for name, setting in cursor.fetchall() if FORGETFUL[name] == setting)
