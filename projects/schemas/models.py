"""Schemas of named landmarks; a published version never changes (a trigger in migration 0002 sees to it)."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from projects.ids import new_id


class SchemaStatus(models.TextChoices):
    DRAFT = "draft"
    PUBLISHED = "published"


class Schema(models.Model):
    """One version of a schema; its JSON columns are shaped as `projects.landmarks.schema.LandmarkSchema.to_dict`."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    name = models.CharField(max_length=100)
    version = models.PositiveIntegerField(default=1)
    status = models.CharField(max_length=10, choices=SchemaStatus, default=SchemaStatus.DRAFT)
    points = models.JSONField(default=list)  # [{key, name, definition, region, tolerance}], the order of all answers
    contours = models.JSONField(default=list)
    mirror = models.JSONField(default=list)
    normaliser = models.JSONField(null=True)
    reference = models.JSONField(default=dict)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(db_default=Now())
    published_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["created_by", "name", "version"], name="one_schema_per_version"),
            models.CheckConstraint(
                condition=Q(status=SchemaStatus.DRAFT, published_at=None)
                | (Q(status=SchemaStatus.PUBLISHED) & ~Q(published_at=None)),
                name="schema_is_published_at_a_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} v{self.version}"

    def definition(self) -> dict[str, object]:
        """The JSON form that `projects.landmarks` understands."""
        return {
            "name": self.name,
            "points": self.points,
            "contours": self.contours,
            "mirror": self.mirror,
            "normaliser": self.normaliser,
            "reference": self.reference,
        }
