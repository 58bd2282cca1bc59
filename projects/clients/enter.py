"""Entering and renaming clients, and who sees which."""

from django.db import IntegrityError, models, transaction

from projects.audit.trail import record
from projects.clients.models import Client
from projects.errors import NotAllowed, Taken
from projects.teams.models import User
from projects.teams.rights import held_by, require_founder


def visible_to(user: User) -> models.QuerySet[Client]:
    """Clients that she entered or for whom she manages a project; an admin sees all."""
    if user.is_superuser:
        return Client.objects.all()
    project_model = Client._meta.get_field("projects").related_model
    managed = project_model.objects.filter(held_by(user, "manage", models.OuterRef("pk")), client=models.OuterRef("pk"))
    return Client.objects.filter(models.Q(created_by=user) | models.Q(models.Exists(managed)))


def enter(name: str, *, by: User) -> Client:
    require_founder(by)
    try:
        with transaction.atomic():
            client = Client.objects.create(name=name, created_by=by)
            record("client.created", client, by=by, name=name)
    except IntegrityError:
        raise _taken(name) from None
    return client


def rename(client: Client, *, name: str, by: User) -> Client:
    if not (by.is_superuser or client.created_by_id == by.pk):
        raise NotAllowed("Only who entered the client, or an admin, may change it.")
    try:
        with transaction.atomic():
            client.name = name
            client.save(update_fields=["name"])
            record("client.changed", client, by=by, name=name)
    except IntegrityError:
        raise _taken(name) from None
    return client


def _taken(name: str) -> Taken:
    return Taken(f"There is already a client called {name}. Choose another name, or use that one.")
