"""Who is asking: a token in the Authorization header, or the browser's session with its CSRF token."""

from django.http import HttpRequest
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication, SessionAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from projects.teams import tokens
from projects.teams.models import User


def bearer_of(request: HttpRequest | Request) -> str | None:
    """The token that the request carries, if any."""
    scheme, _, token = request.META.get("HTTP_AUTHORIZATION", "").partition(" ")
    return token.strip() if scheme.lower() == "token" and token.strip() else None


class TokenAuthentication(BaseAuthentication):
    def authenticate(self, request: Request) -> tuple[User, str] | None:
        token = bearer_of(request)
        if token is None:
            return None
        user = getattr(request._request, "token_owner", None) or tokens.owner_of(token)
        if user is None:
            raise AuthenticationFailed("This token is unknown or has expired. Log in again at /api/v1/auth/token.")
        return user, token

    def authenticate_header(self, request: Request) -> str:
        return "Token"


class BrowserSession(SessionAuthentication):
    """Django's session; unsafe methods need the CSRF token."""


class TokenScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    target_class = "orchestrator.authentication.TokenAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema: object) -> dict[str, str]:
        return {
            "type": "apiKey",
            "in": "header",
            "name": "Authorization",
            "description": "`Token <token>`, from POST /api/v1/auth/token",
        }


class SessionScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    target_class = "orchestrator.authentication.BrowserSession"
    name = "session"

    def get_security_definition(self, auto_schema: object) -> dict[str, str]:
        return {"type": "apiKey", "in": "cookie", "name": "sessionid"}
