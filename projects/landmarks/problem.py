"""One fault in a landmark schema."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Problem:
    """`pointer` as in RFC 6901, a stable `code`, a sentence that says what to do."""

    pointer: str
    code: str
    detail: str
