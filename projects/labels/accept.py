"""Accepting landmarks as the label of an asset: a new version, or none where nothing changed."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django.db import transaction

from projects.audit.trail import record
from projects.datasets.models import Asset
from projects.labels.models import Label

if TYPE_CHECKING:
    from projects.teams.models import User

Rows = Sequence[Sequence[float] | None]


@transaction.atomic
def accept(
    asset: Asset,
    *,
    points: Rows,
    visibility: Sequence[int],
    covariance: Rows | None,
    answers: int,
    agreement: float | None,
    method: str,
    method_version: str,
    checked_layers: int,
    corrected: bool,
    by: "User | None",
) -> Label:
    """Make these the asset's current landmarks; two who accept at once get two versions, one after the other.

    `points` are [x, y] or None and `covariance` [xx, xy, yx, yy] or None, in the schema's order; no covariance means
    that nobody measured it.
    """
    held = Asset.objects.select_for_update(no_key=True, of=("self",)).select_related("project").get(pk=asset.pk)
    content: dict[str, Any] = {
        "schema_id": held.project.schema_id,
        "points": _floats(points),
        "visibility": list(visibility),
        "covariance": None if covariance is None else _floats(covariance),
        "answers": answers,
        "agreement": agreement,
        "method": method,
        "method_version": method_version,
        "checked_layers": checked_layers,
        "corrected": corrected,
    }
    latest = Label.objects.filter(asset=held).order_by("-version").first()
    if latest and latest.is_current and all(getattr(latest, name) == value for name, value in content.items()):
        return latest
    Label.objects.filter(asset=held, is_current=True).update(is_current=False)
    version = latest.version + 1 if latest else 1
    label = Label.objects.create(project=held.project, asset=held, version=version, **content)
    record("label.accepted", label, by=by, asset=str(held.pk), version=version, layers=checked_layers)
    return label


def _floats(rows: Rows) -> list[list[float] | None]:
    return [None if row is None else [float(number) for number in row] for row in rows]
