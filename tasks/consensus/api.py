"""The endpoints of consensus: tasks, and what their answers were merged to."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import generics, serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from projects.errors import Missing
from projects.project import Project
from tasks.assignment.forms import PointsAsSent
from tasks.consensus.forms import MergedShown
from tasks.consensus.models import Consensus
from tasks.task import Status, Task


class NoConsensus(Missing):
    code = "no_consensus"


class TaskShown(serializers.ModelSerializer[Task]):
    key = serializers.CharField(source="asset.key", help_text="the asset's")

    class Meta:
        model = Task
        fields = ["id", "project", "asset", "key", "status", "answers", "wanted", "round", "created_at", "moved_at"]


class NoteShown(serializers.Serializer[Any]):
    """What a reviewer said, without her name."""

    round = serializers.IntegerField()
    layer = serializers.IntegerField()
    verdict = serializers.CharField()
    note = serializers.CharField()
    decided_at = serializers.DateTimeField()


class TaskWithNotes(TaskShown):
    notes = serializers.SerializerMethodField()

    class Meta(TaskShown.Meta):
        fields = [*TaskShown.Meta.fields, "notes"]

    @extend_schema_field(NoteShown(many=True))
    def get_notes(self, task: Task) -> Any:
        decided = task.reviews.filter(status="decided").exclude(note="").order_by("round", "layer")
        return NoteShown(decided, many=True).data


class ConsensusShown(MergedShown):
    id = serializers.UUIDField()
    task = serializers.UUIDField(source="task_id")
    round = serializers.IntegerField()
    points_data_only = PointsAsSent(help_text="the same without any prior about shapes")
    created_at = serializers.DateTimeField()


def inspected(request: Request) -> QuerySet[Task]:
    """Tasks of projects where this person may look; the others are missing."""
    projects = Project.objects.where(request.user, may="inspect")
    return Task.objects.filter(project__in=projects).select_related("asset")


class TasksView(generics.ListAPIView[Task]):
    serializer_class = TaskShown
    filters = {"project": ("project_id", UUID), "status": ("status", Status), "asset": ("asset_id", UUID)}

    def get_queryset(self) -> QuerySet[Task]:
        return inspected(self.request)

    @extend_schema(operation_id="list_tasks")
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().get(request, *args, **kwargs)


class TaskView(APIView):
    @extend_schema(operation_id="read_task", responses=TaskWithNotes)
    def get(self, request: Request, pk: UUID) -> Response:
        return Response(TaskWithNotes(get_object_or_404(inspected(request), pk=pk)).data)


class ConsensusView(APIView):
    @extend_schema(operation_id="read_consensus", responses=ConsensusShown)
    def get(self, request: Request, pk: UUID) -> Response:
        task = get_object_or_404(inspected(request), pk=pk)
        consensus = Consensus.objects.filter(task=task, round=task.round, is_current=True).first()
        if consensus is None:
            given = f"{task.answers} of {task.wanted} answers are in"
            raise NoConsensus(f"This task has no consensus yet: {given}, and it is {task.status}. Ask again later.")
        return Response(ConsensusShown(consensus).data)


routes: list[URLPattern] = [
    path("tasks", TasksView.as_view(), name="tasks"),
    path("tasks/<uuid:pk>", TaskView.as_view(), name="task"),
    path("tasks/<uuid:pk>/consensus", ConsensusView.as_view(), name="task-consensus"),
]
