"""The audit trail's table: rows are added, never changed or removed (a trigger in migration 0002 sees to it)."""

from django.conf import settings
from django.db import models
from django.db.models.functions import Now

from projects.ids import new_id


class Event(models.Model):
    """Somebody did something to something."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    at = models.DateTimeField(db_default=Now())
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    verb = models.CharField(max_length=50)
    subject_kind = models.CharField(max_length=30)
    subject_id = models.CharField(max_length=40)
    project_id = models.UUIDField(null=True)  # not a foreign key: the trail outlives what it tells of
    facts = models.JSONField(default=dict)

    class Meta:
        indexes = [
            models.Index(fields=["project_id", "id"], name="event_of_project"),  # GET /events?project=
            models.Index(fields=["subject_id", "id"], name="event_of_subject"),  # GET /events?subject=
        ]

    def __str__(self) -> str:
        return f"{self.verb} {self.subject_kind} {self.subject_id}"
