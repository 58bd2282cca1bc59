"""The endpoints of progress: read-only reports, and the export of all answers."""

import json
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.http import StreamingHttpResponse
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema, extend_schema_field, inline_serializer
from rest_framework import serializers
from rest_framework.renderers import BaseRenderer, JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from projects.errors import NotAllowed
from projects.project import Project
from projects.teams.models import User
from projects.teams.rights import holds
from tasks.progress.agreement import agreement
from tasks.progress.balance import balance
from tasks.progress.counts import progress
from tasks.progress.export import export_answers
from tasks.progress.forms import OverlapShown
from tasks.progress.overlap import overlap
from tasks.progress.overview import MOST, awaiting, roles_of
from tasks.progress.people import people
from tasks.task import Status

NDJSON = "application/x-ndjson"


class ProgressShown(serializers.Serializer[Any]):
    assets = serializers.IntegerField()
    tasks = inline_serializer("TasksByStatus", {status: serializers.IntegerField() for status in Status.values})
    answers = serializers.IntegerField(help_text="submitted in all rounds")
    labels = serializers.IntegerField()


class LandmarkAgreement(serializers.Serializer[Any]):
    key = serializers.CharField()
    pairs = serializers.IntegerField()
    distance = serializers.FloatField(allow_null=True, help_text="mean of all pairs, as a fraction of the normaliser")


class AgreementShown(serializers.Serializer[Any]):
    tasks = serializers.IntegerField(help_text="that have a consensus")
    agreement = serializers.FloatField(allow_null=True, help_text="mean object keypoint similarity of pairs of answers")
    measured_tasks = serializers.IntegerField(help_text="the latest ones, on which the landmarks were measured")
    landmarks = LandmarkAgreement(many=True)


class PersonShown(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    username = serializers.CharField()
    answers = serializers.IntegerField()
    median_seconds = serializers.FloatField()
    last_at = serializers.DateTimeField()
    judged = serializers.IntegerField(help_text="her answers to the latest merged tasks")
    distance = serializers.FloatField(allow_null=True, help_text="their mean distance to the consensus, normalised")


class PeopleShown(serializers.Serializer[Any]):
    items = PersonShown(many=True)


class FrequencyShown(serializers.Serializer[Any]):
    different = serializers.IntegerField()
    without = serializers.IntegerField()
    most = serializers.DictField(child=serializers.IntegerField())


class BalanceShown(serializers.Serializer[Any]):
    assets = serializers.IntegerField()
    subjects = FrequencyShown()
    sequences = FrequencyShown()
    attributes = serializers.DictField(child=serializers.DictField(child=serializers.IntegerField()))


def project_for(request: Request, pk: UUID, *rights: str) -> Project:
    """The project, if this person holds one of the rights on it: 404 where she sees it not at all, 403 otherwise."""
    project = get_object_or_404(Project.objects.visible_to(request.user).select_related("schema"), pk=pk)
    _require_one_of(request, project, rights)
    return project


def _require_one_of(request: Request, project: Project, rights: Sequence[str]) -> None:
    if not any(holds(request.user, right, project) for right in rights):
        raise NotAllowed("You may not see this report. Ask the project's manager.")


class ProgressView(APIView):
    @extend_schema(operation_id="read_progress", responses=ProgressShown)
    def get(self, request: Request, pk: UUID) -> Response:
        return Response(progress(project_for(request, pk, "follow", "inspect")))


class AgreementView(APIView):
    @extend_schema(operation_id="read_agreement", responses=AgreementShown)
    def get(self, request: Request, pk: UUID) -> Response:
        return Response(agreement(project_for(request, pk, "inspect")))


class PeopleView(APIView):
    @extend_schema(operation_id="read_annotators", responses=PeopleShown)
    def get(self, request: Request, pk: UUID) -> Response:
        return Response(PeopleShown({"items": people(project_for(request, pk, "manage"))}).data)


class BalanceView(APIView):
    @extend_schema(operation_id="read_balance", responses=BalanceShown)
    def get(self, request: Request, pk: UUID) -> Response:
        return Response(balance(project_for(request, pk, "inspect")))


class OverlapView(APIView):
    @extend_schema(operation_id="read_overlap", responses=OverlapShown)
    def get(self, request: Request, pk: UUID) -> Response:
        return Response(overlap(project_for(request, pk, "inspect")))


class Lines(BaseRenderer):
    """Lets a client ask for JSON Lines by its Accept header; the view streams them itself."""

    media_type, format = NDJSON, "jsonl"

    def render(self, data: Any, accepted_media_type: str | None = None, renderer_context: Any = None) -> bytes:
        return json.dumps(data).encode()


class AnswersView(APIView):
    renderer_classes = (JSONRenderer, Lines)

    @extend_schema(
        operation_id="export_answers",
        description="JSON Lines: an object per submitted answer, oldest first.",
        responses={(200, NDJSON): OpenApiTypes.STR},
    )
    def get(self, request: Request, pk: UUID) -> StreamingHttpResponse:
        project = project_for(request, pk, "manage")
        lines = export_answers(project, by=request.user)
        headers = {"Content-Disposition": f'attachment; filename="answers-{project.pk}.jsonl"'}
        return StreamingHttpResponse(lines, content_type=NDJSON, headers=headers)


class RoleShown(serializers.Serializer[Any]):
    project = serializers.UUIDField()
    role = serializers.CharField()


class WaitingShown(serializers.Serializer[Any]):
    kind = serializers.CharField(help_text="held, annotate, review, publish, failed or decide")
    project = serializers.UUIDField(source="project_id")
    release = serializers.UUIDField(source="release.pk", default=None)
    count = serializers.IntegerField(source="shown", help_text=f"{MOST} stands for that many or more")


class MeShown(serializers.ModelSerializer[User]):
    is_admin = serializers.BooleanField(source="is_superuser")
    roles = serializers.SerializerMethodField()
    awaiting = serializers.SerializerMethodField()

    class Meta:
        model = User
        fields = ("id", "username", "email", "is_admin", "is_founder", "roles", "awaiting")

    @extend_schema_field(RoleShown(many=True))
    def get_roles(self, user: User) -> Any:
        pairs = [(str(project), role) for project, roles in self.context["roles"].items() for role in roles]
        return [{"project": project, "role": role} for project, role in sorted(pairs)]

    @extend_schema_field(WaitingShown(many=True))
    def get_awaiting(self, user: User) -> Any:
        return WaitingShown(awaiting(user, self.context["roles"]), many=True).data


class MeView(APIView):
    """Who is asking, her roles, and what she can do now."""

    @extend_schema(operation_id="who_am_i", responses=MeShown)
    def get(self, request: Request) -> Response:
        return Response(MeShown(request.user, context={"roles": roles_of(request.user)}).data)


routes: list[URLPattern] = [
    path("me", MeView.as_view(), name="me"),
    path("projects/<uuid:pk>/progress", ProgressView.as_view(), name="progress"),
    path("projects/<uuid:pk>/agreement", AgreementView.as_view(), name="agreement"),
    path("projects/<uuid:pk>/annotators", PeopleView.as_view(), name="annotators"),
    path("projects/<uuid:pk>/balance", BalanceView.as_view(), name="balance"),
    path("projects/<uuid:pk>/overlap", OverlapView.as_view(), name="overlap"),
    path("projects/<uuid:pk>/answers", AnswersView.as_view(), name="answers"),
]
