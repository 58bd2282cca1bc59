"""Refusals as problem+json (RFC 9457) for the API, and as a page for browsers; never a traceback."""

import json
import logging
from collections.abc import Callable, Iterator
from typing import Any

from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from rest_framework import exceptions
from rest_framework.response import Response

from projects.errors import Refused

log = logging.getLogger(__name__)
PROBLEM = "application/problem+json"
TITLES = {
    400: "The request cannot be read",
    401: "Log in first",
    403: "Not allowed",
    404: "Not found",
    405: "Method not allowed",
    406: "Not acceptable",
    409: "Not possible now",
    413: "Too large",
    415: "Unsupported media type",
    416: "Range not satisfiable",
    422: "The request has mistakes",
    429: "Too many requests",
    500: "Something broke on our side",
    503: "Not ready",
}


def problem(
    status: int,
    code: str,
    detail: str,
    *,
    errors: list[dict[str, str]] | None = None,
    headers: dict[str, str] | None = None,
) -> HttpResponse:
    body = {"type": "about:blank", "title": TITLES.get(status, "Refused"), "status": status, "detail": detail}
    body |= {"code": code, "errors": errors or []}
    return HttpResponse(json.dumps(body), status=status, content_type=PROBLEM, headers=headers)


def problem_of_refusal(refused: Refused) -> HttpResponse:
    headers = {} if refused.retry_after is None else {"Retry-After": str(refused.retry_after)}
    return problem(refused.status, refused.code, refused.detail, errors=refused.errors, headers=headers)


def problem_of(raised: Exception, context: dict[str, Any]) -> HttpResponseBase | Response | None:
    """Django REST framework's exception handler; what it does not know is a bug and goes to `broken`."""
    if isinstance(raised, Refused):
        return problem_of_refusal(raised)
    if isinstance(raised, Http404):
        return problem(404, "not_found", "There is nothing here, or nothing that you may see.")
    if isinstance(raised, RequestDataTooBig):
        return problem(413, "too_large", "The body is too large.")
    if isinstance(raised, TooManyFieldsSent):
        return problem(422, "invalid", "The body has too many fields.")
    if isinstance(raised, exceptions.ValidationError):
        errors = [{"pointer": pointer, "detail": detail} for pointer, detail in _flatten(raised.detail, "")]
        detail = "Some values cannot be used; `errors` names each."
        return problem(422, "invalid", detail, errors=errors)
    if isinstance(raised, exceptions.ParseError):
        return problem(422, "malformed", f"The body cannot be read. {raised.detail}")
    if isinstance(raised, exceptions.APIException):
        headers = {}
        if challenge := getattr(raised, "auth_header", None):
            headers["WWW-Authenticate"] = challenge
        if wait := getattr(raised, "wait", None):
            headers["Retry-After"] = str(int(wait) + 1)
        code = str(raised.get_codes()) if isinstance(raised.detail, str) else raised.default_code
        return problem(raised.status_code, code, str(raised.detail), headers=headers)
    return None


def _flatten(detail: Any, pointer: str) -> Iterator[tuple[str, str]]:
    """DRF's nested messages as JSON pointers."""
    if isinstance(detail, dict):
        for key, value in detail.items():
            yield from _flatten(value, pointer if key == "non_field_errors" else f"{pointer}/{key}")
    elif isinstance(detail, list):
        for index, value in enumerate(detail):
            yield from _flatten(value, f"{pointer}/{index}" if isinstance(value, dict | list) and value else pointer)
    else:
        yield pointer, str(detail)


def is_api(request: HttpRequest) -> bool:
    return request.path.startswith("/api/")


class ProblemMiddleware:
    """Turns a refusal that a page raised into an answer."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, raised: Exception) -> HttpResponse | None:
        if not isinstance(raised, Refused):
            return None
        if is_api(request):
            return problem_of_refusal(raised)
        return page(request, raised.status, raised.detail)


def page(request: HttpRequest, status: int, detail: str) -> HttpResponse:
    shown = {"title": TITLES.get(status, "Refused"), "detail": detail, "status": status}
    return render(request, "error.html", shown, status=status)


def missing(request: HttpRequest, exception: Exception) -> HttpResponse:
    detail = "There is nothing here, or nothing that you may see."
    return problem(404, "not_found", detail) if is_api(request) else page(request, 404, detail)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    detail = "You may not do this. Log in as somebody who may."
    return problem(403, "not_allowed", detail) if is_api(request) else page(request, 403, detail)


def unreadable(request: HttpRequest, exception: Exception) -> HttpResponse:
    detail = "The request cannot be read."
    return problem(400, "malformed", detail) if is_api(request) else page(request, 400, detail)


def broken(request: HttpRequest) -> HttpResponse:
    detail = "It is logged. Try again; if it stays, tell whoever runs this service."
    return problem(500, "broken", detail) if is_api(request) else page(request, 500, detail)


def forged(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Django's view for a form without its CSRF token."""
    return page(request, 403, "This form is no longer good, perhaps because you logged in again. Load its page anew.")
