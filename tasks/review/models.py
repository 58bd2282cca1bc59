"""Reviews: one row for each look that a consensus is to get, layer by layer."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from projects.ids import new_id
from projects.project import Project
from projects.schemas.fields import PointsField, VisibilityField
from tasks.consensus.models import Consensus
from tasks.task import Task


class ReviewStatus(models.TextChoices):
    OPEN = "open"
    LEASED = "leased"
    DECIDED = "decided"
    WITHDRAWN = "withdrawn"


class Verdict(models.TextChoices):
    ACCEPT = "accept"
    CORRECT = "correct"
    REDO = "redo"


class Review(models.Model):
    """A look at a task by a reviewer who did not work on it. `points` are what she corrected it to."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="+")
    task = models.ForeignKey(Task, on_delete=models.CASCADE, related_name="reviews")
    consensus = models.ForeignKey(Consensus, null=True, on_delete=models.PROTECT, related_name="reviews")
    round = models.PositiveSmallIntegerField(default=1)
    layer = models.PositiveSmallIntegerField(default=1)
    doubt = models.FloatField(default=0.0)  # 1 - agreement; the queue begins with the greatest
    status = models.CharField(max_length=10, choices=ReviewStatus, default=ReviewStatus.OPEN)
    reviewer = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="reviews")
    lease_token = models.PositiveBigIntegerField(default=0)
    leased_until = models.DateTimeField(null=True)
    verdict = models.CharField(max_length=10, choices=Verdict, default="")
    points = PointsField(null=True)
    visibility = VisibilityField(null=True)
    note = models.TextField(default="")
    landmarks = ArrayField(  # places in doubt, the only ones she may move; None = all
        models.PositiveSmallIntegerField(), null=True
    )
    created_at = models.DateTimeField(db_default=Now())
    decided_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["task"], condition=Q(status__in=["open", "leased"]), name="one_review_at_a_time_per_task"
            ),
            models.CheckConstraint(
                condition=~Q(status="leased") | (~Q(reviewer=None) & ~Q(leased_until=None)),
                name="a_leased_review_has_a_reviewer",
            ),
            models.CheckConstraint(
                condition=~Q(status="decided") | (~Q(reviewer=None) & ~Q(verdict="")),
                name="a_decided_review_has_a_verdict",
            ),
            models.CheckConstraint(
                condition=Q(landmarks=None) | Q(landmarks__len__gte=1), name="a_review_is_of_landmarks"
            ),
        ]
        indexes = [
            models.Index(fields=["project", "-doubt", "id"], condition=Q(status="open"), name="review_open"),  # take
            models.Index(fields=["leased_until"], condition=Q(status="leased"), name="review_lapsing"),  # free_lapsed
        ]

    def __str__(self) -> str:
        return f"{self.task_id} layer {self.layer}"
