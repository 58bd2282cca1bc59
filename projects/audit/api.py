"""The endpoint of the audit trail."""

from typing import Any
from uuid import UUID

from django.db.models import OuterRef
from django.urls import path
from rest_framework import generics, serializers

from projects.audit.models import Event
from projects.audit.verbs import VERBS
from projects.teams.rights import held_by, require_founder


class EventShown(serializers.ModelSerializer[Event]):
    actor = serializers.CharField(source="actor.username", default=None, help_text="Who; null for the service itself.")
    sentence = serializers.SerializerMethodField()

    class Meta:
        model = Event
        fields = ["id", "at", "actor", "verb", "sentence", "subject_kind", "subject_id", "project_id", "facts"]

    def get_sentence(self, event: Event) -> str:
        return VERBS.get(event.verb, event.verb)


class EventsView(generics.ListAPIView[Event]):
    """An admin sees all events, a manager those of the projects she manages."""

    serializer_class = EventShown
    filters = {"project": ("project_id", UUID), "subject": ("subject_id", str), "verb": ("verb", str)}

    def get_queryset(self) -> Any:
        user = self.request.user
        require_founder(user)
        events = Event.objects.select_related("actor")
        return events if user.is_superuser else events.filter(held_by(user, "manage", OuterRef("project_id")))


routes = [path("events", EventsView.as_view(), name="events")]
