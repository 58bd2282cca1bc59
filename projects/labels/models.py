"""Labels: the accepted landmarks of an asset, versioned, with where they come from."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from projects.datasets.models import Asset
from projects.ids import new_id
from projects.project import Project
from projects.schemas.fields import CovarianceField, PointsField, VisibilityField
from projects.schemas.models import Schema


class Label(models.Model):
    """What `tasks` writes when an asset's work is over; a newer version replaces it as current, never in place."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="labels")
    asset = models.ForeignKey(Asset, on_delete=models.CASCADE, related_name="labels")
    schema = models.ForeignKey(Schema, on_delete=models.PROTECT, related_name="+")
    version = models.PositiveIntegerField(default=1)
    is_current = models.BooleanField(default=True)
    points = PointsField()
    visibility = VisibilityField()
    covariance = CovarianceField(null=True)
    answers = models.PositiveIntegerField()  # how many people's answers were merged
    agreement = models.FloatField(null=True)  # 0 … 1, mean object keypoint similarity over pairs of answers
    method = models.CharField(max_length=30)
    method_version = models.CharField(max_length=20)
    checked_layers = models.PositiveSmallIntegerField(default=0)
    corrected = models.BooleanField(default=False)  # a reviewer moved points
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["asset", "version"], name="one_label_per_asset_and_version"),
            models.UniqueConstraint(fields=["asset"], condition=Q(is_current=True), name="one_current_label_per_asset"),
        ]
        indexes = [
            models.Index(fields=["project", "id"], condition=Q(is_current=True), name="label_current")  # compose
        ]

    def __str__(self) -> str:
        return f"{self.asset_id} v{self.version}"
