"""Keys to the API: shown once, kept as a hash, gone when they expire."""

import hashlib
import secrets
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from projects.audit.trail import record
from projects.teams.models import Token, User


def digest_of(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()


@transaction.atomic
def issue(user: User) -> tuple[str, datetime]:
    """Make a token for somebody who has just proved who she is."""
    token = secrets.token_urlsafe(32)
    expires_at = timezone.now() + settings.TOKEN_LIFETIME
    Token.objects.filter(user=user, expires_at__lt=timezone.now()).delete()
    Token.objects.create(user=user, digest=digest_of(token), expires_at=expires_at)
    record("user.logged_in", user, by=user)
    return token, expires_at


def owner_of(token: str) -> User | None:
    """Whose token this is; None if it is unknown, has expired, or the person's account is closed."""
    known = (
        Token.objects.select_related("user")
        .filter(digest=digest_of(token), expires_at__gt=timezone.now(), user__is_active=True)
        .first()
    )
    return known.user if known else None


@transaction.atomic
def revoke(token: str, *, by: User) -> None:
    Token.objects.filter(digest=digest_of(token), user=by).delete()
    record("user.logged_out", by, by=by)
