"""Deliveries: releases, the copied items in them and the files that a client downloads."""

from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from projects.ids import new_id
from projects.labels.models import Label
from projects.project import Project
from projects.schemas.fields import CovarianceField, PointsField, VisibilityField
from projects.schemas.models import Schema

if TYPE_CHECKING:
    from projects.teams.models import User


class ReleaseStatus(models.TextChoices):
    DRAFT = "draft"
    BUILDING = "building"
    BUILT = "built"
    FAILED = "failed"
    PUBLISHED = "published"
    ACCEPTED = "accepted"
    REJECTED = "rejected"


MOVES: dict[str, frozenset[str]] = {
    "draft": frozenset({"building"}),
    "building": frozenset({"built", "failed"}),
    "failed": frozenset({"building"}),
    "built": frozenset({"published"}),
    "published": frozenset({"accepted", "rejected"}),
    "accepted": frozenset(),
    "rejected": frozenset(),
}

# What a client may see.
DELIVERED = (ReleaseStatus.PUBLISHED, ReleaseStatus.ACCEPTED, ReleaseStatus.REJECTED)


class ReleaseQuerySet(models.QuerySet["Release"]):
    def visible_to(self, user: "User") -> "ReleaseQuerySet":
        """A manager sees every release of her projects; who follows a project sees what was published."""
        managed = Project.objects.where(user, may="manage").values("pk")
        followed = Project.objects.where(user, may="follow").values("pk")
        return self.filter(Q(project__in=managed) | Q(project__in=followed, status__in=DELIVERED))


class Release(models.Model):
    """A version of a project's dataset. Once frozen its items never change, nor its files once built."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="releases")
    schema = models.ForeignKey(Schema, on_delete=models.PROTECT, related_name="+")
    version = models.PositiveIntegerField()
    name = models.CharField(max_length=100, default="")
    status = models.CharField(max_length=10, choices=ReleaseStatus, default=ReleaseStatus.BUILDING)
    formats = ArrayField(models.CharField(max_length=20))
    reason = models.TextField(default="")  # why building failed, in words for the manager
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(db_default=Now())
    frozen_at = models.DateTimeField(null=True)
    built_at = models.DateTimeField(null=True)
    published_at = models.DateTimeField(null=True)
    beat_at = models.DateTimeField(null=True)  # last sign of life of the job that builds it; its fencing token too
    attempts = models.PositiveSmallIntegerField(default=0)  # builds begun since it was last asked for
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    note = models.TextField(default="")  # the client's
    objections = models.JSONField(default=list)  # the client's, per item: [{key, reason}]

    objects = ReleaseQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["project", "version"], name="one_release_per_version")]
        indexes = [
            models.Index(fields=["beat_at"], condition=Q(status="building"), name="release_building")  # sweep_releases
        ]

    def __str__(self) -> str:
        return f"{self.project_id} v{self.version}"


class Item(models.Model):
    """One asset's label as it was when the release was frozen: a copy, which later reviews cannot change."""

    id = models.BigAutoField(primary_key=True)
    release = models.ForeignKey(Release, on_delete=models.CASCADE, related_name="items")
    label = models.ForeignKey(Label, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveIntegerField()  # 1, 2, … in the order of the files
    key = models.CharField(max_length=300)
    sha256 = models.CharField(max_length=64, null=True)
    url = models.URLField(max_length=2000, default="")
    width = models.PositiveIntegerField(null=True)
    height = models.PositiveIntegerField(null=True)
    subject_id = models.CharField(max_length=200, default="")
    sequence = models.CharField(max_length=200, default="")
    frame = models.PositiveIntegerField(null=True)
    metadata = models.JSONField(default=dict)
    points = PointsField()
    visibility = VisibilityField()
    covariance = CovarianceField(null=True)
    answers = models.PositiveIntegerField()
    agreement = models.FloatField(null=True)
    provenance = models.JSONField(default=dict)  # method, version, label version, checked layers, corrected

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["release", "number"], name="one_item_per_number"),
            models.UniqueConstraint(fields=["release", "key"], name="one_item_per_release_and_asset"),
        ]

    def __str__(self) -> str:
        return self.key


class ReleaseFile(models.Model):
    """A file of a release; its path is what the manifest and the download address name."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    release = models.ForeignKey(Release, on_delete=models.CASCADE, related_name="files")
    path = models.CharField(max_length=300)
    format = models.CharField(max_length=20)
    bytes = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    stored_as = models.CharField(max_length=300)  # name in the storage

    class Meta:
        constraints = [models.UniqueConstraint(fields=["release", "path"], name="one_file_per_release_and_path")]

    def __str__(self) -> str:
        return self.path
