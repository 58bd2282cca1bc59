"""A POST with an Idempotency-Key is answered once: deed, key and answer are committed together."""

from collections.abc import Callable

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from orchestrator.authentication import bearer_of
from orchestrator.errors import problem_of_refusal
from projects import idempotency
from projects.errors import Refused, TooLarge
from projects.teams import tokens
from projects.teams.models import User

LARGEST_KEPT = 2**20  # bytes of an answer


class IdempotencyMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        key = request.headers.get("Idempotency-Key")
        if key is None or request.method != "POST" or not request.path.startswith("/api/"):
            return self.get_response(request)
        user = asker_of(request)
        if user is None:
            return self.get_response(request)  # nobody: the view will say so
        try:
            asked = idempotency.fingerprint("POST", request.get_full_path(), body_of(request))
            return self.answer_once(request, user, key, asked)
        except Refused as refused:
            return problem_of_refusal(refused)

    def answer_once(self, request: HttpRequest, user: User, key: str, asked: bytes) -> HttpResponseBase:
        with transaction.atomic():
            if known := idempotency.claim(user.pk, key, asked):
                return HttpResponse(
                    known.body,
                    status=known.status,
                    content_type=known.content_type or None,
                    headers={"Idempotent-Replayed": "true"},
                )
            response = self.get_response(request)
            if isinstance(response, HttpResponse) and response.status_code < 400:
                if len(response.content) > LARGEST_KEPT:
                    raise TooLarge("The answer is too large to be kept under an Idempotency-Key. Send none.")
                content_type = response.headers.get("Content-Type", "")
                answer = idempotency.Answer(response.status_code, response.content, content_type)
                idempotency.keep(user.pk, key, answer)
            else:  # what was refused may be tried again; a draft kept by the refusal stays
                idempotency.drop(user.pk, key)
            return response


def asker_of(request: HttpRequest) -> User | None:
    """The person behind the request; remembered, so that the token is looked up once."""
    token = bearer_of(request)
    if token is not None:
        user = tokens.owner_of(token)
        request.token_owner = user  # type: ignore[attr-defined]
        return user
    return None if isinstance(request.user, AnonymousUser) else request.user


def body_of(request: HttpRequest) -> bytes:
    """What the key stands for. A file is not read into memory: its length and the boundary speak for it."""
    if request.content_type == "multipart/form-data":
        return request.headers.get("Content-Length", "").encode()
    if int(request.headers.get("Content-Length") or 0) > settings.DATA_UPLOAD_MAX_MEMORY_SIZE:
        raise TooLarge(f"The body may have at most {settings.DATA_UPLOAD_MAX_MEMORY_SIZE} bytes.")
    return request.body
