"""Where pictures lie, and the short-lived signed addresses under which they are shown."""

from pathlib import PurePosixPath
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.core import signing
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from projects.datasets.models import Asset
from projects.datasets.serve import file_response, safe_name
from projects.errors import Missing, NotAllowed

SALT = "canthus.image"
EXTENSIONS = {"image/jpeg": "jpg", "image/png": "png", "image/webp": "webp"}


class LinkExpired(NotAllowed):
    code = "link_expired"


class NoPicture(Missing):
    code = "no_picture"


def name_for(asset: Asset) -> str:
    """The asset's name in the storage: ours alone, nothing of it comes from outside."""
    return f"assets/{asset.project_id}/{asset.pk}.{EXTENSIONS[asset.content_type]}"


def sign(asset: Asset, claims: dict[str, Any]) -> str:
    """A token that names the picture, and in `claims` who may see it and why (plain strings)."""
    return signing.dumps({**claims, "asset": str(asset.pk)}, salt=SALT, compress=True)


def read(token: str) -> dict[str, Any]:
    """The claims of a token, with `asset` among them. Whether they still hold is for the caller to check."""
    try:
        claims: dict[str, Any] = signing.loads(token, salt=SALT, max_age=settings.LINK_LIFETIME)
    except signing.BadSignature:  # an expired one is one of these
        raise LinkExpired("This image address has expired or was changed. Ask for the work again.") from None
    return claims


def image_url(asset: Asset, request: HttpRequest, *, path: str, **claims: Any) -> str | None:
    """Where a browser finds the picture: `path` of ours with a signed token, or the client's own address.

    `path` is the endpoint that reads the token, checks that the claims still hold and calls `image_response`:
    `image_url(asset, request, path=reverse("assignment-image", args=[pk]), person=…, lease=…)`.
    None where the asset is known by its key only.
    """
    if not asset.file:
        return asset.url or None
    token = sign(asset, {name: str(value) for name, value in claims.items()})
    return request.build_absolute_uri(f"{path}?{urlencode({'token': token})}")


def image_response(asset: Asset, request: HttpRequest) -> HttpResponseBase:
    """The picture itself, for whoever the caller found may see it."""
    if not asset.file:
        raise NoPicture("This picture is not kept here; its address, if it has one, is in the asset's `url`.")
    return file_response(
        request,
        name_in_storage=asset.file,
        size=asset.bytes or 0,
        content_type=asset.content_type,
        etag=asset.sha256 or str(asset.pk),
        filename=f"{PurePosixPath(safe_name(asset.key)).stem}.{EXTENSIONS[asset.content_type]}",
        disposition="inline",
        max_age_seconds=int(settings.LINK_LIFETIME.total_seconds()),
    )
