"""The endpoints of consensus: tasks, and what their answers were merged to."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import generics, serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from projects.errors import Missing, WrongState
from projects.project import Project
from projects.teams.rights import require
from tasks.assignment.forms import PointsAsSent
from tasks.consensus import forms
from tasks.consensus.adopt import adopt
from tasks.consensus.forms import MergedShown
from tasks.consensus.models import Consensus, Outcome, Run
from tasks.consensus.runs import start
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


def managed_run(request: Request, pk: UUID) -> Run:
    """404 where she may not even inspect the project, 403 where she does not manage it."""
    mine = Run.objects.filter(project__in=Project.objects.where(request.user, may="inspect"))
    run: Run = get_object_or_404(mine, pk=pk)
    require(request.user, "manage", run.project_id)
    return run


class RunsView(generics.ListAPIView[Run]):
    serializer_class = forms.RunShown
    filters = {"status": ("status", str), "method": ("method", str)}

    def project(self) -> Project:
        project = get_object_or_404(Project.objects.visible_to(self.request.user), pk=self.kwargs["pk"])
        require(self.request.user, "manage", project)
        return project

    def get_queryset(self) -> QuerySet[Run]:
        return Run.objects.filter(project=self.project()).defer("difference")

    @extend_schema(operation_id="list_consensus_runs")
    def get(self, request: Request, pk: UUID) -> Response:
        return self.list(request)

    @extend_schema(operation_id="start_consensus_run", request=forms.NewRun, responses={202: forms.RunShown})
    def post(self, request: Request, pk: UUID) -> Response:
        project = self.project()
        body = forms.NewRun(data=request.data)
        body.is_valid(raise_exception=True)
        run = start(project, **body.validated_data, by=request.user)
        where = request.build_absolute_uri(reverse("consensus-run", args=[run.pk]))
        shown = forms.RunShown(Run.objects.get(pk=run.pk)).data
        return Response(shown, status=status.HTTP_202_ACCEPTED, headers={"Location": where})


class RunView(APIView):
    @extend_schema(operation_id="read_consensus_run", responses=forms.RunShown)
    def get(self, request: Request, pk: UUID) -> Response:
        return Response(forms.RunShown(managed_run(request, pk)).data)


class DifferenceView(APIView):
    @extend_schema(operation_id="read_consensus_difference", responses=forms.DifferenceShown)
    def get(self, request: Request, pk: UUID) -> Response:
        run = managed_run(request, pk)
        if not run.difference:
            raise WrongState(f"This run is {run.status}; what it would change is known once it is done.")
        return Response(forms.DifferenceShown(run.difference).data)


class ChangesView(generics.ListAPIView[Consensus]):
    """The tasks of which a point moved further than its tolerance; or, by `outcome`, what adopting meant for each."""

    serializer_class = forms.ChangeShown
    filters = {"outcome": ("outcome", Outcome)}

    def get_queryset(self) -> QuerySet[Consensus]:
        results = Consensus.objects.filter(run=managed_run(self.request, self.kwargs["pk"]))
        shown = results if "outcome" in self.request.query_params else results.filter(moved__gt=1)
        return shown.select_related("task__asset")

    @extend_schema(operation_id="list_consensus_changes")
    def get(self, request: Request, pk: UUID) -> Response:
        return self.list(request)


class AdoptView(APIView):
    @extend_schema(operation_id="adopt_consensus_run", request=forms.Adoption, responses={202: forms.RunShown})
    def post(self, request: Request, pk: UUID) -> Response:
        run = managed_run(request, pk)
        body = forms.Adoption(data=request.data)
        body.is_valid(raise_exception=True)
        adopt(run, labels=body.validated_data["labels"], by=request.user)
        return Response(forms.RunShown(Run.objects.get(pk=pk)).data, status=status.HTTP_202_ACCEPTED)


routes: list[URLPattern] = [
    path("tasks", TasksView.as_view(), name="tasks"),
    path("tasks/<uuid:pk>", TaskView.as_view(), name="task"),
    path("tasks/<uuid:pk>/consensus", ConsensusView.as_view(), name="task-consensus"),
    path("projects/<uuid:pk>/consensus-runs", RunsView.as_view(), name="consensus-runs"),
    path("consensus-runs/<uuid:pk>", RunView.as_view(), name="consensus-run"),
    path("consensus-runs/<uuid:pk>/difference", DifferenceView.as_view(), name="consensus-run-difference"),
    path("consensus-runs/<uuid:pk>/changes", ChangesView.as_view(), name="consensus-run-changes"),
    path("consensus-runs/<uuid:pk>/adopt", AdoptView.as_view(), name="consensus-run-adopt"),
]
