"""How often somebody may try a password."""

from typing import Any

from rest_framework.throttling import SimpleRateThrottle


class LoginThrottle(SimpleRateThrottle):
    """Per address and username: a guesser is slowed down, and cannot lock anybody else out."""

    scope = "login"

    def get_cache_key(self, request: Any, view: Any) -> str | None:
        username = request.data.get("username") if isinstance(request.data, dict) else None
        return f"login:{self.get_ident(request)}:{str(username)[:150].casefold()!r}".replace(" ", "_")
