"""Consensus: what a task's answers were merged to; runs over a whole project, and what a crowd has taught."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from projects.ids import new_id
from projects.project import Project
from projects.schemas.fields import CovarianceField, PointsField, VisibilityField
from tasks.task import Task

USER = settings.AUTH_USER_MODEL


class RunStatus(models.TextChoices):
    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"  # may be adopted
    FAILED = "failed"
    ADOPTING = "adopting"
    ADOPTED = "adopted"


class Run(models.Model):
    """All answers of a project merged by one method, beside what is current; adopted or not."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="+", db_index=False)
    method = models.CharField(max_length=30)
    settings = models.JSONField(default=dict)
    status = models.CharField(max_length=10, choices=RunStatus, default=RunStatus.WAITING)
    reason = models.TextField(blank=True)  # why it failed
    tasks = models.PositiveIntegerField(default=0)  # merged so far
    answers = models.PositiveIntegerField(default=0)
    report = models.JSONField(default=dict)  # which parts of the method were on, and what each gained
    difference = models.JSONField(default=dict)  # against what was current when the run was done
    outcomes = models.JSONField(default=dict)  # of its adoption: how many tasks came to which Outcome
    replaces_labels = models.BooleanField(default=False)  # its adoption makes new versions of accepted labels
    attempts = models.PositiveIntegerField(default=0)  # the fencing token: whoever took the run over has the next
    beat_at = models.DateTimeField(null=True)  # the last sign of life
    created_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    adopted_by = models.ForeignKey(USER, on_delete=models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(db_default=Now())
    done_at = models.DateTimeField(null=True)
    adopted_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["project", "id"], name="run_of_project")]
        constraints = [
            models.UniqueConstraint(
                fields=["project"],
                condition=Q(status__in=("waiting", "running", "adopting")),
                name="one_run_at_work_per_project",
            )
        ]

    def __str__(self) -> str:
        return f"{self.method} over {self.project_id}"


class CrowdModel(models.Model):
    """What a project's answers had taught about its people and shapes by one night; never changed."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="+", db_index=False)
    version = models.PositiveIntegerField()
    learnt_from = models.CharField(max_length=64)  # SHA-256 of the answers and the gold
    learnt = models.BinaryField(null=True)  # None where the plain merger did better
    report = models.JSONField(default=dict)
    answers = models.PositiveIntegerField()
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["project", "version"], name="one_crowd_model_per_project_and_version")
        ]

    def __str__(self) -> str:
        return f"{self.project_id} v{self.version}"


class Outcome(models.TextChoices):
    """What adopting a run meant for one task."""

    ADOPTED = "adopted"  # is current now
    RELABELLED = "relabelled"  # is current now, and the label's new version
    OUTDATED = "outdated"  # answers came, or the task was opened again or withdrawn, after the run
    ACCEPTED = "accepted"  # has a label, which was to stay
    CORRECTED = "corrected"  # has a label that a reviewer corrected
    REVIEWED = "reviewed"  # a reviewer has seen the former consensus


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
    run = models.ForeignKey(Run, on_delete=models.CASCADE, null=True, related_name="results", db_index=False)
    moved = models.FloatField(null=True)  # by the run: the most that a point moved, in tolerances
    outcome = models.CharField(max_length=10, choices=Outcome, blank=True)  # of the run's adoption
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        indexes = [models.Index(fields=["run", "id"], condition=Q(run__isnull=False), name="result_of_run")]
        constraints = [
            models.UniqueConstraint(fields=["task", "set_hash"], name="one_consensus_per_set_of_answers"),
            models.UniqueConstraint(
                fields=["task"], condition=Q(is_current=True), name="one_current_consensus_per_task"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.task_id} by {self.method}"
