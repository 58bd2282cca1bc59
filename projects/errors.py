"""Refusals: each a type with a stable code, an HTTP status and a sentence that tells what to do."""

from collections.abc import Sequence


class Refused(Exception):
    """The deed was not done. `errors` lists what is wrong in a body, as {pointer, detail}."""

    code, status = "refused", 409

    def __init__(self, detail: str, *, errors: Sequence[dict[str, str]] = (), retry_after: int | None = None) -> None:
        super().__init__(detail)
        self.detail = detail
        self.errors = list(errors)
        self.retry_after = retry_after  # seconds


class NotAllowed(Refused):
    code, status = "not_allowed", 403


class Missing(Refused):
    code, status = "not_found", 404


class WrongState(Refused):
    code, status = "wrong_state", 409


class Taken(Refused):
    """A name or key that must be unique is already in use."""

    code, status = "already_exists", 409


class Invalid(Refused):
    code, status = "invalid", 422


class TooLarge(Refused):
    code, status = "too_large", 413


class TooMany(Refused):
    code, status = "too_many_requests", 429
