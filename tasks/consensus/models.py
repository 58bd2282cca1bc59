"""Consensus: what a task's answers were merged to."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from projects.ids import new_id
from projects.project import Project
from projects.schemas.fields import CovarianceField, PointsField, VisibilityField
from tasks.task import Task


class Consensus(models.Model):
    """One merge of one set of answers by one method. Merging the same again finds this row."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="+")
    task = models.ForeignKey(Task, on_delete=models.CASCADE, related_name="consensuses")
    round = models.PositiveSmallIntegerField(default=1)
    set_hash = models.CharField(max_length=64)  # SHA-256 of the sorted annotation ids, the method, version and settings
    is_current = models.BooleanField(default=True)
    method = models.CharField(max_length=30)
    version = models.CharField(max_length=20)  # of the method
    points = PointsField()
    points_data_only = PointsField()  # without any shape prior
    covariance = CovarianceField()
    visibility = VisibilityField()
    answers = models.PositiveIntegerField()
    agreement = models.FloatField(null=True)  # 0 … 1; None with a single answer
    weights = models.JSONField(default=list)  # [{annotation, weight, flag, residual}] in the order of the answers
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["task", "set_hash"], name="one_consensus_per_set_of_answers"),
            models.UniqueConstraint(
                fields=["task"], condition=Q(is_current=True), name="one_current_consensus_per_task"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.task_id} by {self.method}"
