"""Gold: assets whose landmarks are known."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from projects.datasets.models import Asset
from projects.ids import new_id
from projects.project import Project
from projects.schemas.fields import PointsField, VisibilityField


class Gold(models.Model):
    """A version of an asset's known landmarks; correcting gold adds a version and retires the one before."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="+")
    asset = models.ForeignKey(Asset, on_delete=models.CASCADE, related_name="gold")
    version = models.PositiveIntegerField(default=1)
    points = PointsField()
    visibility = VisibilityField()
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(db_default=Now())
    retired_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["asset", "version"], name="one_gold_per_asset_and_version"),
            models.UniqueConstraint(fields=["asset"], condition=Q(retired_at=None), name="one_gold_in_force_per_asset"),
        ]

    def __str__(self) -> str:
        return f"{self.asset_id} v{self.version}"
