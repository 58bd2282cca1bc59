"""A task: one asset on its way to a label."""

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from projects.datasets.models import Asset
from projects.ids import new_id
from projects.project import Project


class Status(models.TextChoices):
    OPEN = "open"  # wants answers
    MERGING = "merging"  # has its answers; the workers merge them
    IN_REVIEW = "in_review"  # a reviewer is to look at the consensus
    ADJUDICATION = "adjudication"  # the crowd could not; a reviewer is to place the points
    ACCEPTED = "accepted"  # has a label
    WITHDRAWN = "withdrawn"  # not wanted any more


class Task(models.Model):
    """Only `lifecycle.move` writes the status."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="tasks")
    asset = models.OneToOneField(Asset, on_delete=models.CASCADE, related_name="task")
    status = models.CharField(max_length=12, choices=Status, default=Status.OPEN)
    round = models.PositiveSmallIntegerField(default=1)  # a redo begins a new one; only its answers are merged
    wanted = models.PositiveSmallIntegerField()  # answers wanted in this round
    answers = models.PositiveSmallIntegerField(default=0)  # answers given in this round
    created_at = models.DateTimeField(db_default=Now())
    moved_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(answers__lte=F("wanted")), name="no_more_answers_than_wanted"),
            models.CheckConstraint(condition=Q(wanted__gte=1), name="a_task_wants_answers"),
        ]
        indexes = [
            models.Index(fields=["project", "status", "id"], name="task_of_project_by_status"),  # lists, progress
            models.Index(fields=["moved_at"], condition=Q(status="merging"), name="task_merging"),  # sweep_merging
        ]

    def __str__(self) -> str:
        return str(self.id)
