"""What is wrong with, or missing from, a landmark schema.

A draft must be right in what it says; a published schema must also leave nothing out, and its reference shape must
be a shape. Plain Python without NumPy, because it runs in web requests.
"""

from __future__ import annotations

from itertools import islice
from typing import Any

from projects.landmarks import complete, plausible, wellformed
from projects.landmarks.problem import Problem

MOST_PROBLEMS = 100  # In one answer: a hostile body must not buy a longer one.


def lint_draft(d: Any) -> list[Problem]:
    """Faults in what the dict says; gaps are fine. Empty: `LandmarkSchema.from_dict` can read it.

    Takes whatever `json.loads` gives and never raises.
    """
    return list(islice(wellformed.faults(d), MOST_PROBLEMS))


def lint_published(d: Any) -> list[Problem]:
    """Everything that keeps the schema from being published: faults and gaps first; geometry once these are gone."""
    found = lint_draft(d)
    if isinstance(d, dict):
        found.extend(islice(complete.gaps(d), MOST_PROBLEMS))
    if not found:
        found.extend(islice(plausible.faults(d), MOST_PROBLEMS))
    return found[:MOST_PROBLEMS]


def ready_to_publish(d: Any) -> bool:
    return not lint_published(d)
