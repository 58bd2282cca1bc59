"""People, teams, who is in which, and which role they were given on which project."""

from django.conf import settings
from django.contrib.auth.models import AbstractUser, Group
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from guardian.models import GroupObjectPermissionBase, UserObjectPermissionBase

from projects.ids import new_id
from projects.teams.roles import ROLES


class User(AbstractUser):
    """A person. An admin is a superuser; a founder may enter clients and set up projects, teams and schemas."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    is_founder = models.BooleanField(default=False)
    created_by = models.ForeignKey("self", null=True, editable=False, on_delete=models.SET_NULL, related_name="+")

    def __str__(self) -> str:
        return self.username


class Token(models.Model):
    """A key to the API, of which only the SHA-256 is kept."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="tokens")
    digest = models.BinaryField(max_length=32, unique=True)
    created_at = models.DateTimeField(db_default=Now())
    expires_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["expires_at"], name="token_expiry")]  # forgetting the expired

    def __str__(self) -> str:
        return f"a token of {self.user_id}"


class Team(models.Model):
    """People who are given work together; its Django group is what rights hang on."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    name = models.CharField(max_length=100)
    group = models.OneToOneField(Group, on_delete=models.PROTECT, related_name="team")
    members = models.ManyToManyField(User, through="Membership", related_name="teams")
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [models.UniqueConstraint(fields=["created_by", "name"], name="one_team_per_founder_and_name")]

    def __str__(self) -> str:
        return self.name


class Membership(models.Model):
    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="memberships")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [models.UniqueConstraint(fields=["team", "user"], name="one_membership_per_person_and_team")]

    def __str__(self) -> str:
        return f"{self.user_id} in {self.team_id}"


class Grant(models.Model):
    """A role on a project, given to a person or to a team."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    project = models.ForeignKey("projects.Project", on_delete=models.CASCADE, related_name="grants")
    user = models.ForeignKey(User, null=True, on_delete=models.CASCADE, related_name="grants")
    team = models.ForeignKey(Team, null=True, on_delete=models.CASCADE, related_name="grants")
    role = models.CharField(max_length=20, choices=[(role, role) for role in ROLES])
    given_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(user=None) ^ Q(team=None), name="grant_is_to_a_person_or_a_team"),
            models.UniqueConstraint(
                fields=["project", "user", "role"], condition=~Q(user=None), name="one_grant_per_person_and_role"
            ),
            models.UniqueConstraint(
                fields=["project", "team", "role"], condition=~Q(team=None), name="one_grant_per_team_and_role"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.role} on {self.project_id}"


class ProjectUserRight(UserObjectPermissionBase):
    """guardian's row: this person holds this right on this project. Only `grants.py` writes it."""

    content_object = models.ForeignKey("projects.Project", on_delete=models.CASCADE, related_name="user_rights")


class ProjectGroupRight(GroupObjectPermissionBase):
    """guardian's row: this team's group holds this right on this project. Only `grants.py` writes it."""

    content_object = models.ForeignKey("projects.Project", on_delete=models.CASCADE, related_name="group_rights")
