"""Settings that come from the environment, read so that a bad value stops the start."""

import os
from urllib.parse import parse_qs, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

TRUE, FALSE = {"1", "true", "yes", "on"}, {"0", "false", "no", "off"}
SHORTEST_SECRET = 32  # characters


def read_str(name: str, default: str = "") -> str:
    return os.environ.get(name, "").strip() or default


def read_bool(name: str, default: bool) -> bool:
    value = read_str(name).lower()
    if not value:
        return default
    if value not in TRUE | FALSE:
        raise ImproperlyConfigured(f"{name} must be one of {sorted(TRUE | FALSE)}, not {value!r}.")
    return value in TRUE


def read_int(name: str, default: int, *, least: int = 0) -> int:
    value = read_str(name)
    if not value:
        return default
    try:
        number = int(value)
    except ValueError:
        raise ImproperlyConfigured(f"{name} must be a whole number, not {value!r}.") from None
    if number < least:
        raise ImproperlyConfigured(f"{name} must be at least {least}, not {number}.")
    return number


def read_list(name: str, default: list[str]) -> list[str]:
    return [part.strip() for part in read_str(name).split(",") if part.strip()] or default


def read_secret(name: str) -> str:
    """A secret that must be given and must not be short."""
    value = read_str(name)
    if len(value) < SHORTEST_SECRET:
        raise ImproperlyConfigured(f"{name} must be set to a random text of at least {SHORTEST_SECRET} characters.")
    return value


def read_database(url: str) -> dict[str, object]:
    """Django's DATABASES entry of a postgresql:// address; the socket folder may come as ?host=."""
    parts = urlsplit(url)
    if parts.scheme not in {"postgres", "postgresql"} or not parts.path.strip("/"):
        raise ImproperlyConfigured("DATABASE_URL must look like postgresql://user:password@host:5432/name.")
    query = {key: values[-1] for key, values in parse_qs(parts.query).items()}
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": query.pop("host", "") or parts.hostname or "",
        "PORT": str(parts.port or query.pop("port", "") or ""),
        "OPTIONS": {"connect_timeout": "5"} | query,  # seconds; an address that does not answer must not hang a request
    }
