"""What a client may say about a picture, checked field by field; one door for uploads, lists and manifests."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import urlsplit

from projects.errors import Invalid

LONGEST_METADATA = 64 * 2**10  # characters, as JSON
LARGEST_NUMBER = 2**31 - 1
TEXTS = {"key": 300, "url": 2000, "subject_id": 200, "consent": 200, "sequence": 200, "dataset": 100}
NUMBERS = {"width": 1, "height": 1, "frame": 0}  # the least each may be
OBJECTS = ("metadata", "attributes")  # two words for the same
OTHER_WORDS = {"subject": "subject_id"}
FIELDS = frozenset({*TEXTS, *NUMBERS, *OBJECTS, *OTHER_WORDS})


class BadDescription(Invalid):
    code = "bad_description"


@dataclass(frozen=True, kw_only=True)
class Description:
    """A picture as its client describes it."""

    key: str
    url: str = ""
    subject_id: str = ""
    consent: str = ""
    sequence: str = ""
    dataset: str = ""
    width: int | None = None
    height: int | None = None
    frame: int | None = None
    metadata: dict[str, Any] = field(default_factory=dict)


def read(given: object, *, key: str = "", at: str = "") -> Description:
    """Check what was given; `key` is used where none is named, `at` is where the pointers of mistakes begin."""
    if not isinstance(given, Mapping):
        raise BadDescription(
            "Describe a picture by an object.", errors=[{"pointer": at, "detail": "must be an object"}]
        )
    values: dict[str, Any] = {"metadata": {}}
    errors = []
    for name, value in given.items():
        if value is None:
            continue
        target = OTHER_WORDS.get(name, name)
        problem = _problem(target, value)
        if problem:
            errors.append({"pointer": f"{at}/{name}", "detail": problem})
        elif target in OBJECTS:
            values["metadata"] = values["metadata"] | value
        else:
            values[target] = value
    values["key"] = values.get("key") or key
    if not values["key"] and not errors:
        errors.append({"pointer": f"{at}/key", "detail": "is missing: the name by which you know the picture"})
    if errors:
        told = "; ".join(f"{error['pointer'].removeprefix(at + '/')} {error['detail']}" for error in errors)
        raise BadDescription(f"The description cannot be used: {told}.", errors=errors)
    return Description(**values)


def read_text(text: str, *, key: str, at: str) -> Description:
    """The same of JSON text."""
    try:
        given = json.loads(text or "{}", parse_constant=_refuse_constant)
    except (ValueError, RecursionError):
        raise BadDescription(
            "The description is not JSON.", errors=[{"pointer": at, "detail": "is not JSON"}]
        ) from None
    return read(given, key=key, at=at)


def _problem(name: str, value: Any) -> str | None:
    if name in TEXTS:
        return _problem_of_text(name, value)
    if name in NUMBERS:
        least = NUMBERS[name]
        if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= LARGEST_NUMBER:
            return f"must be a whole number from {least}"
        return None
    if name in OBJECTS:
        return _problem_of_object(value)
    return f"is not known here; put your own under metadata; known are {', '.join(sorted(FIELDS))}"


def _problem_of_text(name: str, value: object) -> str | None:
    if not isinstance(value, str):
        return "must be text"
    if len(value) > TEXTS[name]:
        return f"may have at most {TEXTS[name]} characters"
    if not _can_be_kept(value) or any(ord(each) < 32 for each in value):
        return "has characters that cannot be kept"
    return _problem_of_address(value) if name == "url" and value else None


def _problem_of_address(url: str) -> str | None:
    """Only what a browser loads as a picture: no script:, no file:, no name and password. We never fetch it."""
    try:
        parts = urlsplit(url)
        fine = parts.scheme in {"http", "https"} and parts.hostname and "@" not in parts.netloc and parts.port != 0
    except ValueError:
        fine = False
    return None if fine and not any(each.isspace() for each in url) else "must be an http or https address"


def _problem_of_object(value: object) -> str | None:
    if not isinstance(value, dict):
        return "must be an object"
    try:
        text = json.dumps(value, ensure_ascii=False, allow_nan=False)
    except (ValueError, TypeError, RecursionError):
        return "has values that JSON cannot hold"
    if len(text) > LONGEST_METADATA:
        return f"may have at most {LONGEST_METADATA} characters"
    return None if _can_be_kept(text) and "\\u0000" not in text else "has characters that cannot be kept"


def _can_be_kept(text: str) -> bool:
    """PostgreSQL keeps any text but NUL and halves of surrogate pairs."""
    return "\0" not in text and not any("\ud800" <= each <= "\udfff" for each in text)


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")


def placed(about: Description, dataset: str) -> Description:
    """The description in an import's dataset, where it names none itself."""
    return about if about.dataset else replace(about, dataset=dataset)
