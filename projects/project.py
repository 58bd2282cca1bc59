"""A project: a client's order, with the schema it is labelled by and the rules it is worked by."""

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models.functions import Now

from projects.clients.models import Client
from projects.ids import new_id
from projects.policy import Policy
from projects.schemas.models import Schema
from projects.teams.rights import where_held
from projects.teams.roles import RIGHTS

if TYPE_CHECKING:
    from projects.teams.models import User


class ProjectStatus(models.TextChoices):
    DRAFT = "draft"
    CALIBRATING = "calibrating"
    ACTIVE = "active"
    PAUSED = "paused"
    CLOSED = "closed"


MOVES: dict[str, frozenset[str]] = {
    "draft": frozenset({"calibrating", "active", "closed"}),
    "calibrating": frozenset({"active", "paused", "closed"}),
    "active": frozenset({"calibrating", "paused", "closed"}),
    "paused": frozenset({"calibrating", "active", "closed"}),
    "closed": frozenset({"paused"}),
}


class ProjectQuerySet(models.QuerySet["Project"]):
    def where(self, user: "User", *, may: str) -> "ProjectQuerySet":
        """Projects on which the user holds this right: `Project.objects.where(ann, may="annotate")`."""
        return self.filter(where_held(user, may))

    def visible_to(self, user: "User") -> "ProjectQuerySet":
        """Projects on which the user holds any right."""
        return self.filter(where_held(user, None))


class Project(models.Model):
    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="projects")
    schema = models.ForeignKey(Schema, on_delete=models.PROTECT, related_name="projects")
    name = models.CharField(max_length=100)
    status = models.CharField(max_length=12, choices=ProjectStatus, default=ProjectStatus.DRAFT)
    policy = models.JSONField(default=dict)  # projects.policy.Policy.to_dict(), always complete
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(db_default=Now())

    objects = ProjectQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        permissions = [(f"{right}_project", f"May {what}") for right, what in RIGHTS.items()]
        constraints = [models.UniqueConstraint(fields=["client", "name"], name="one_project_per_client_and_name")]

    def __str__(self) -> str:
        return self.name

    @property
    def rules(self) -> Policy:
        return Policy(**self.policy)
