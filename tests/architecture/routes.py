"""Every route of the API with its methods, read from the URL configuration."""

import re
from dataclasses import dataclass
from functools import cache

from django.urls import get_resolver
from rest_framework.views import APIView

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")


@dataclass(frozen=True)
class Route:
    name: str
    pattern: str  # projects/<uuid:pk>/plan
    methods: tuple[str, ...]

    @property
    def template(self) -> str:
        """As OpenAPI writes it: projects/{id}/plan."""
        return re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", self.pattern).replace("{pk}", "{id}")


@cache
def api_routes() -> tuple[Route, ...]:
    [api] = [each for each in get_resolver().url_patterns if str(each.pattern) == "api/v1/"]
    return tuple(Route(each.name, str(each.pattern), methods_of(each.callback)) for each in api.url_patterns)


def methods_of(view) -> tuple[str, ...]:
    of_viewset = getattr(view, "actions", None)
    if of_viewset:
        return tuple(method for method in METHODS if method.lower() in of_viewset)
    kind: type[APIView] = view.view_class
    return tuple(method for method in METHODS if hasattr(kind, method.lower()))
