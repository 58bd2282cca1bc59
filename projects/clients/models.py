"""Clients: who the labels are for."""

from django.conf import settings
from django.db import models
from django.db.models.functions import Now

from projects.ids import new_id


class Client(models.Model):
    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    name = models.CharField(max_length=100)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [models.UniqueConstraint(fields=["created_by", "name"], name="one_client_per_founder_and_name")]

    def __str__(self) -> str:
        return self.name
