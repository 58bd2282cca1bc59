"""Lists: {"items": […], "next": url | null}, by keyset, so that page 10,000 costs what page 1 does."""

from typing import Any

from rest_framework.pagination import CursorPagination
from rest_framework.response import Response

from projects.errors import Invalid

MOST = 200


class KeysetPagination(CursorPagination):
    """Ids are UUIDv7, so their order is the order of making."""

    page_size = 50
    max_page_size = MOST
    page_size_query_param = "limit"
    ordering = "id"

    def get_page_size(self, request: Any) -> int:
        asked = request.query_params.get("limit")
        if asked is None:
            return self.page_size
        if not asked.isdecimal() or not 1 <= int(asked) <= MOST:
            detail = f"limit must be a whole number from 1 to {MOST}."
            raise Invalid(detail, errors=[{"pointer": "?limit", "detail": detail}])
        return int(asked)

    def get_paginated_response(self, data: Any) -> Response:
        return Response({"items": data, "next": self.get_next_link()})

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        return {
            "type": "object",
            "required": ["items", "next"],
            "properties": {"items": schema, "next": {"type": ["string", "null"], "format": "uri"}},
        }
