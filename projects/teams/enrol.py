"""Accounts: made and changed by admins only; there is no sign-up."""

import secrets
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from projects.audit.trail import record
from projects.errors import Invalid, NotAllowed, Taken
from projects.teams.models import Token, User
from projects.teams.rights import require_admin

CHANGEABLE = ("email", "is_active", "is_founder")


def enrol(
    username: str, *, by: User, password: str | None = None, email: str = "", is_founder: bool = False
) -> tuple[User, str]:
    """Make an account; without a password it gets a random one, which is returned and nowhere kept."""
    require_admin(by)
    user = User(username=username, email=email, is_founder=is_founder, created_by=by)
    try:
        user.full_clean(exclude=["password"], validate_unique=False)
    except ValidationError as problem:
        raise _invalid(problem) from None
    if password is not None:
        _require_strong(password, user)
    password = password or secrets.token_urlsafe(12)
    user.set_password(password)
    try:
        with transaction.atomic():
            user.save(force_insert=True)
            record("user.created", user, by=by, username=username)
    except IntegrityError:
        raise Taken(f"There is already somebody called {username}. Choose another username.") from None
    return user, password


@transaction.atomic
def change(user: User, *, by: User, password: str | None = None, **fields: Any) -> User:
    """Change an account. A new password and a closed account end all of its tokens."""
    require_admin(by)
    if user == by and fields.get("is_active") is False:
        raise NotAllowed("You cannot close your own account. Ask another admin.")
    for name, value in fields.items():
        setattr(user, name, value)
    changed = list(fields)
    if password is not None:
        _require_strong(password, user)
        user.set_password(password)
        changed.append("password")
    if changed:
        user.save(update_fields=changed)
        record("user.changed", user, by=by, fields=sorted(changed))
    if password is not None or not user.is_active:
        Token.objects.filter(user=user).delete()
    return user


def _require_strong(password: str, user: User) -> None:
    try:
        validate_password(password, user)
    except ValidationError as problem:
        errors = [{"pointer": "/password", "detail": text} for text in problem.messages]
        raise Invalid("This password is too weak.", errors=errors) from None


def _invalid(problem: ValidationError) -> Invalid:
    errors = [{"pointer": f"/{name}", "detail": text} for name, texts in problem.message_dict.items() for text in texts]
    return Invalid("This account cannot be made.", errors=errors)
