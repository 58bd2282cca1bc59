"""Filters of a list: only the query parameters that the view lists under `filters`; anything else is refused."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from rest_framework.filters import BaseFilterBackend

from projects.errors import Invalid

ALWAYS = {"limit", "cursor"}


class AllowedFilters(BaseFilterBackend):
    """`filters = {"project": ("project_id", UUID), "status": ("status", str)}` on the view."""

    def filter_queryset(self, request: Any, queryset: QuerySet[Any], view: Any) -> QuerySet[Any]:
        if getattr(view, "detail", False):
            return queryset
        allowed: dict[str, tuple[str, type]] = getattr(view, "filters", {})
        for name, value in request.query_params.items():
            if name in ALWAYS:
                continue
            if name not in allowed:
                raise _bad(name, f"is not a filter here; the filters are {', '.join(allowed) or 'none'}")
            field, kind = allowed[name]
            queryset = queryset.filter(**{field: _read(name, value, kind)})
        return queryset

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        return [
            {
                "name": name,
                "in": "query",
                "required": False,
                "schema": {"type": "string", "format": "uuid"} if kind is UUID else {"type": "string"},
            }
            for name, (_, kind) in getattr(view, "filters", {}).items()
        ]


def _read(name: str, value: str, kind: type) -> Any:
    if "\0" in value:  # PostgreSQL's text knows none
        raise _bad(name, "has a character that nothing is called by")
    try:
        return kind(value)
    except ValueError:
        known = getattr(kind, "values", None)
        raise _bad(name, f"must be one of {', '.join(known)}" if known else "is not an id") from None


def _bad(name: str, detail: str) -> Invalid:
    return Invalid(f"The query parameter {name} {detail}.", errors=[{"pointer": f"?{name}", "detail": detail}])
