"""Gold: a manager states where an asset's landmarks are."""

from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Max
from django.db.models.functions import Now

from projects.audit.trail import record
from projects.datasets.models import Asset
from projects.teams.rights import require
from tasks.annotation.check import check
from tasks.calibration.models import Gold

if TYPE_CHECKING:
    from projects.teams.models import User


@transaction.atomic
def set_gold(asset: Asset, *, by: "User", points: object, visibility: object) -> Gold:
    """Make the asset gold, or correct it: another content is another version, the same content changes nothing.

    Two at once take turns; the last one said is in force.
    """
    require(by, "manage", asset.project)
    rows, seen = check(points, visibility, schema=asset.project.schema, asset=asset)
    Asset.objects.select_for_update(no_key=True).values_list("pk").get(pk=asset.pk)
    of_asset = Gold.objects.filter(asset=asset)
    in_force = of_asset.filter(retired_at=None).first()
    if in_force and in_force.points == rows and in_force.visibility == seen:
        return in_force
    of_asset.filter(retired_at=None).update(retired_at=Now())
    version = (of_asset.aggregate(last=Max("version"))["last"] or 0) + 1
    gold = Gold.objects.create(
        project=asset.project, asset=asset, version=version, points=rows, visibility=seen, made_by=by
    )
    record("gold.set", gold, by=by, asset=str(asset.pk), version=version)
    return gold
