"""Assignments: one row for each answer that a task wants, so that overlap can never be overshot."""

from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from projects.ids import new_id
from projects.project import Project
from tasks.task import Task

if TYPE_CHECKING:
    from projects.teams.models import User


class AssignmentStatus(models.TextChoices):
    OPEN = "open"  # nobody's
    LEASED = "leased"  # held by the annotator until leased_until
    SUBMITTED = "submitted"  # answered
    SKIPPED = "skipped"  # the annotator would not; a fresh one was opened in its place
    WITHDRAWN = "withdrawn"  # no longer wanted


class AssignmentQuerySet(models.QuerySet["Assignment"]):
    def held_by(self, annotator: "User", *, token: int) -> "AssignmentQuerySet":
        """Leased to her under this token; also past its time, as long as nobody freed it."""
        return self.filter(status=AssignmentStatus.LEASED, annotator=annotator, lease_token=token)

    def live_of(self, annotator: "User") -> "AssignmentQuerySet":
        """Leased to her, with time left."""
        return self.filter(status=AssignmentStatus.LEASED, annotator=annotator, leased_until__gt=Now())

    def with_work(self) -> "AssignmentQuerySet":
        """With what an answer is checked against, and no more of the schema than its points."""
        joined = self.select_related("project__schema", "task__asset")
        return joined.defer(*(f"project__schema__{part}" for part in ("contours", "mirror", "normaliser", "reference")))


class Assignment(models.Model):
    """One wanted answer. The lease token grows with each lease: a late writer holds a smaller one and is fenced off."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="+")
    task = models.ForeignKey(Task, on_delete=models.CASCADE, related_name="assignments")
    round = models.PositiveSmallIntegerField(default=1)
    number = models.PositiveSmallIntegerField(default=1)  # 1 … overlap; the lower ones are handed out first
    status = models.CharField(max_length=10, choices=AssignmentStatus, default=AssignmentStatus.OPEN)
    annotator = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="assignments"
    )
    lease_token = models.PositiveBigIntegerField(default=0)
    leased_at = models.DateTimeField(null=True)
    leased_until = models.DateTimeField(null=True)
    reason = models.CharField(max_length=500, default="")  # of a skip
    landmarks = ArrayField(  # places in the schema's order that are asked; None = all, the others are shown locked
        models.PositiveSmallIntegerField(), null=True
    )
    created_at = models.DateTimeField(db_default=Now())

    objects = AssignmentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["task", "round", "annotator"],
                condition=~Q(annotator=None),
                name="one_assignment_per_person_and_task",
            ),
            models.CheckConstraint(
                condition=Q(status="open", annotator=None, leased_until=None)
                | (Q(status="leased") & ~Q(annotator=None) & ~Q(leased_until=None))
                | (Q(status__in=["submitted", "skipped"]) & ~Q(annotator=None))
                | Q(status="withdrawn"),
                name="an_assignment_is_held_by_whom_its_status_says",
            ),
            models.CheckConstraint(
                condition=Q(landmarks=None) | Q(landmarks__len__gte=1), name="an_assignment_asks_for_landmarks"
            ),
        ]
        indexes = [
            models.Index(
                fields=["project", "number", "id"], condition=Q(status="open"), name="assignment_open"
            ),  # take
            models.Index(
                fields=["leased_until"], condition=Q(status="leased"), name="assignment_lapsing"
            ),  # free_lapsed
            models.Index(
                fields=["annotator", "project"], condition=Q(status="leased"), name="assignment_held"
            ),  # open leases of a person
        ]

    def __str__(self) -> str:
        return f"{self.task_id} #{self.number}"
