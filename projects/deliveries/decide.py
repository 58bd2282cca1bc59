"""The client's verdict on a published release; nobody judges a release that she made herself."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models.functions import Now

from projects.deliveries.models import Item, Release, ReleaseStatus
from projects.deliveries.move import move
from projects.deliveries.refusals import OwnWork, UnknownItem
from projects.teams.rights import require

if TYPE_CHECKING:
    from projects.teams.models import User


@transaction.atomic
def accept(release: Release, *, note: str, by: "User") -> Release:
    _may_decide(release, by)
    decision = {"note": note, "decided_by": by, "decided_at": Now()}
    return move(release, ReleaseStatus.ACCEPTED, verb="release.accepted", by=by, facts={}, **decision)


@transaction.atomic
def reject(release: Release, *, note: str, objections: Sequence[dict[str, str]], by: "User") -> Release:
    """Send the release back; `objections` name items of it: {key, reason}."""
    _may_decide(release, by)
    _know_all(release, [objection["key"] for objection in objections])
    decision = {"note": note, "objections": list(objections), "decided_by": by, "decided_at": Now()}
    facts = {"objections": len(objections)}
    return move(release, ReleaseStatus.REJECTED, verb="release.rejected", by=by, facts=facts, **decision)


def _may_decide(release: Release, by: "User") -> None:
    require(by, "accept", release.project_id)
    if release.created_by_id == by.pk:
        raise OwnWork("You made this release yourself. Somebody else of the client's must decide.")


def _know_all(release: Release, keys: Sequence[str]) -> None:
    known = set(Item.objects.filter(release=release, key__in=keys).values_list("key", flat=True))
    seen: set[str] = set()
    errors = []
    for index, key in enumerate(keys):
        if key not in known:
            errors.append({"pointer": f"/items/{index}/key", "detail": "is not the key of an item of this release"})
        elif key in seen:
            errors.append({"pointer": f"/items/{index}/key", "detail": "is named twice"})
        seen.add(key)
    if errors:
        raise UnknownItem("Some items are not in this release; `errors` names each.", errors=errors)
