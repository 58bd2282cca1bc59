"""The material: datasets of assets, sequences of frames, and the imports that brought them in."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from projects.ids import new_id
from projects.project import Project


class Dataset(models.Model):
    """A named part of a project's material; an import that names none goes to `main`."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="datasets")
    name = models.CharField(max_length=100, default="main")
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [models.UniqueConstraint(fields=["project", "name"], name="one_dataset_per_project_and_name")]

    def __str__(self) -> str:
        return self.name


class Sequence(models.Model):
    """Frames that belong together in time."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="sequences")
    key = models.CharField(max_length=200)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [models.UniqueConstraint(fields=["project", "key"], name="one_sequence_per_project_and_key")]

    def __str__(self) -> str:
        return self.key


class Asset(models.Model):
    """One image, by its content (uploaded), by its address, or by the client's key alone (it stays with the client).

    Sizes are of the upright image.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="assets")
    dataset = models.ForeignKey(Dataset, on_delete=models.CASCADE, related_name="assets")
    key = models.CharField(max_length=300)  # the client's own name for it
    sha256 = models.CharField(max_length=64, null=True)  # of the bytes as they came
    file = models.CharField(max_length=200, default="")  # in the storage, upright; "" = not kept here
    content_type = models.CharField(max_length=30, default="")
    bytes = models.PositiveBigIntegerField(null=True)  # of the stored file
    url = models.URLField(max_length=2000, default="")
    width = models.PositiveIntegerField(null=True)  # px
    height = models.PositiveIntegerField(null=True)  # px
    subject_id = models.CharField(max_length=200, default="")  # whose face; the consent hangs on it
    consent = models.CharField(max_length=200, default="")  # the client's reference to the consent
    sequence = models.ForeignKey(Sequence, null=True, on_delete=models.SET_NULL, related_name="frames")
    frame = models.PositiveIntegerField(null=True)
    metadata = models.JSONField(default=dict)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["project", "key"], name="one_asset_per_project_and_key"),
            models.UniqueConstraint(
                fields=["project", "sha256"], condition=~Q(sha256=None), name="one_asset_per_project_and_content"
            ),
            models.CheckConstraint(condition=Q(file="") | ~Q(sha256=None), name="asset_with_a_file_has_its_hash"),
        ]
        indexes = [
            models.Index(fields=["project", "id"], name="asset_of_project"),  # lists, planning
            models.Index(
                fields=["project", "subject_id", "id"], condition=~Q(subject_id=""), name="asset_of_subject"
            ),  # GET assets?subject_id=, withdrawn consent
        ]

    def __str__(self) -> str:
        return self.key


class ImportStatus(models.TextChoices):
    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


class ImportBatch(models.Model):
    """One archive, folder or manifest, and how far it has come."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="imports")
    dataset = models.ForeignKey(Dataset, on_delete=models.CASCADE, related_name="imports")
    kind = models.CharField(max_length=10)  # zip, csv, json or folder
    file = models.CharField(max_length=300, default="")  # name in the storage of what was sent; a folder's own path
    status = models.CharField(max_length=10, choices=ImportStatus, default=ImportStatus.WAITING)
    rows = models.PositiveIntegerField(null=True)  # known once counted
    done = models.PositiveIntegerField(default=0)  # rows looked at, in order: where a killed import goes on
    created = models.PositiveIntegerField(default=0)
    existing = models.PositiveIntegerField(default=0)
    refused = models.PositiveIntegerField(default=0)
    reason = models.TextField(default="")  # why it failed as a whole
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(db_default=Now())
    beat_at = models.DateTimeField(null=True)  # the last sign of life of the job that runs it
    attempts = models.PositiveSmallIntegerField(default=0)  # starts since a row was last done
    finished_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["project", "id"], name="import_of_project"),  # GET projects/{id}/imports
            models.Index(
                fields=["beat_at"], condition=Q(status__in=["waiting", "running"]), name="import_unfinished"
            ),  # sweep_imports
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.id}"


class Refusal(models.Model):
    """A row of an import that was not taken, and why."""

    id = models.BigAutoField(primary_key=True)
    batch = models.ForeignKey(ImportBatch, on_delete=models.CASCADE, related_name="refusals")
    row = models.PositiveIntegerField()  # 0-based position in the archive, folder or manifest
    key = models.CharField(max_length=300)
    code = models.CharField(max_length=40)
    detail = models.TextField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["batch", "row"], name="one_refusal_per_row")]

    def __str__(self) -> str:
        return f"{self.row}: {self.code}"
