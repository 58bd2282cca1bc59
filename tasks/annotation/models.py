"""Drafts, and annotations: submitted answers, which never change (a trigger in migration 0002 sees to it)."""

from django.conf import settings
from django.db import models
from django.db.models.functions import Now

from projects.ids import new_id
from projects.project import Project
from projects.schemas.fields import PointsField, VisibilityField
from projects.schemas.models import Schema
from tasks.assignment.models import Assignment
from tasks.task import Task


class Draft(models.Model):
    """What a person has placed so far, or submitted too late; hers alone, one per task."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    task = models.ForeignKey(Task, on_delete=models.CASCADE, related_name="drafts", db_index=False)
    annotator = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="drafts")
    points = PointsField()
    visibility = VisibilityField()
    saved_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [models.UniqueConstraint(fields=["task", "annotator"], name="one_draft_per_person_and_task")]

    def __str__(self) -> str:
        return f"{self.annotator_id} on {self.task_id}"


class Annotation(models.Model):
    """A submitted answer, exactly as it came."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="annotations", db_index=False)
    task = models.ForeignKey(Task, on_delete=models.PROTECT, related_name="annotations", db_index=False)
    assignment = models.OneToOneField(Assignment, on_delete=models.PROTECT, related_name="annotation")
    annotator = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="annotations", db_index=False
    )
    schema = models.ForeignKey(Schema, on_delete=models.PROTECT, related_name="+")
    round = models.PositiveSmallIntegerField(default=1)
    points = PointsField()
    visibility = VisibilityField()
    attributes = models.JSONField(default=dict)
    seconds = models.FloatField()  # of work, as the annotator's tool measured it
    leased_at = models.DateTimeField()
    submitted_at = models.DateTimeField(db_default=Now())

    class Meta:
        indexes = [
            models.Index(fields=["task", "round"], name="annotation_of_round"),  # merge
            models.Index(fields=["project", "id"], name="annotation_of_project"),  # the export of raw answers
            models.Index(fields=["annotator", "id"], name="annotation_by_person"),  # her past answers
        ]

    def __str__(self) -> str:
        return f"{self.annotator_id} on {self.task_id}"
