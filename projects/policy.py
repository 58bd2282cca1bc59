"""The rules a project works by."""

from dataclasses import asdict, dataclass, fields
from typing import Any

from projects.errors import Invalid

MOST_ANSWERS = 1000
LEAST_DYNAMIC = 2  # answers; a single one does not tell how far off it is


@dataclass(frozen=True, kw_only=True)
class Policy:
    """A manager's choices; every field has a limit in LIMITS or CHOICES."""

    overlap: int = 2  # answers wanted of each asset
    max_overlap: int = 5  # the most that may ever be asked
    dynamic: bool = False  # ask again, up to max_overlap, only where a landmark is in doubt; False = fixed overlap
    target_error: float = 0.03  # a landmark is in doubt above this expected error / normaliser length; where dynamic
    lease_seconds: int = 1800  # how long a person may hold an assignment without a sign of life
    max_open_leases: int = 100  # assignments that one person may hold at once
    max_skips: int = 3  # people who skip a task before it is parked for a reviewer; 0 = never
    review_layers: int = 1  # reviewers who check one after the other
    review_share: float = 1.0  # share of tasks that each layer sees
    merger: str = "median"  # a key of tasks.consensus.mergers.MERGERS

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)


LIMITS: dict[str, tuple[float, float]] = {
    "overlap": (1, MOST_ANSWERS),
    "max_overlap": (1, MOST_ANSWERS),
    "target_error": (0.001, 1.0),
    "lease_seconds": (1, 7 * 86400),
    "max_open_leases": (1, 10_000),
    "max_skips": (0, MOST_ANSWERS),
    "review_layers": (0, 2),
    "review_share": (0.0, 1.0),
}
CHOICES = {"merger": ("median", "reliability")}


def read(given: object, *, over: Policy | None = None) -> Policy:
    """A policy of a JSON object: what is not given stays as it was, what is unknown or out of range is refused."""
    if not isinstance(given, dict):
        raise Invalid("The policy must be an object.", errors=[{"pointer": "/policy", "detail": "Send an object."}])
    known = {field.name: field.type for field in fields(Policy)}
    errors = [
        {"pointer": f"/policy/{name}", "detail": problem}
        for name, value in given.items()
        if (problem := _problem(name, value, known))
    ]
    if errors:
        raise Invalid("The policy has values that cannot be used.", errors=errors)
    values = (over or Policy()).to_dict() | given
    if "max_overlap" not in given:
        values["max_overlap"] = max(values["max_overlap"], values["overlap"])
    if values["max_overlap"] < values["overlap"]:
        detail = f"must be at least the overlap, {values['overlap']}"
        raise Invalid("max_overlap is too small.", errors=[{"pointer": "/policy/max_overlap", "detail": detail}])
    if values["dynamic"] and values["overlap"] < LEAST_DYNAMIC:
        detail = f"must be at least {LEAST_DYNAMIC} where dynamic is on: one answer does not show its own error"
        raise Invalid("overlap is too small.", errors=[{"pointer": "/policy/overlap", "detail": detail}])
    return Policy(**values)


def _problem(name: str, value: object, known: dict[str, Any]) -> str | None:
    if name not in known:
        return f"is not a rule; the rules are {', '.join(known)}"
    if name in CHOICES:
        return None if value in CHOICES[name] else f"must be one of {', '.join(CHOICES[name])}"
    if known[name] in {bool, "bool"}:
        return None if isinstance(value, bool) else "must be true or false"
    whole = known[name] in {int, "int"}
    if isinstance(value, bool) or not isinstance(value, int if whole else (int, float)):
        return f"must be a {'whole ' if whole else ''}number"
    least, most = LIMITS[name]
    return None if least <= value <= most else f"must be from {least} to {most}"
