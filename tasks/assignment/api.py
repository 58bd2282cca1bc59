"""The endpoints of assignment: planning, pulling, and what one does with the work in hand."""

from typing import Any
from uuid import UUID

from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema, inline_serializer
from rest_framework import generics, serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from projects.datasets import storage
from projects.datasets.serve import AsItIs
from projects.errors import Missing
from projects.project import Project
from projects.strict import NothingSerializer
from projects.teams.rights import holds
from tasks.assignment import lease, planning, skip, withdraw
from tasks.assignment.forms import HeldForm, PlanForm, ReopenForm, SkipForm, WithdrawForm, small_body
from tasks.assignment.models import Assignment, AssignmentStatus
from tasks.assignment.show import AssignmentShown, LeaseShown, PieceShown, lease_of, piece_of
from tasks.task import Status, Task


class TaskMoved(serializers.Serializer[Any]):
    task = serializers.UUIDField(source="pk")
    status = serializers.ChoiceField(choices=Status.choices)


def read(form: type[serializers.Serializer[Any]], request: Request) -> Any:
    given = form(data=small_body(request))
    given.is_valid(raise_exception=True)
    return given.validated_data


class PlanView(APIView):
    @extend_schema(
        operation_id="plan",
        request=PlanForm,
        responses=inline_serializer(
            "Planned", {"tasks": serializers.IntegerField(), "assignments": serializers.IntegerField()}
        ),
    )
    def post(self, request: Request, pk: UUID) -> Response:
        project = get_object_or_404(Project.objects.visible_to(request.user), pk=pk)
        given = PlanForm(data=request.data)  # names of many assets may take more than a small body
        given.is_valid(raise_exception=True)
        tasks, assignments = planning.plan(project, by=request.user, **given.validated_data)
        return Response({"tasks": tasks, "assignments": assignments})


NOTHING = OpenApiResponse(description="There is nothing to do now.")


class PullView(APIView):
    @extend_schema(operation_id="pull", request=NothingSerializer, responses={201: PieceShown, 204: NOTHING})
    def post(self, request: Request, pk: UUID) -> Response:
        project = get_object_or_404(Project.objects.visible_to(request.user), pk=pk)
        read(NothingSerializer, request)
        taken = lease.take(project, annotator=request.user)
        if taken is None:
            return Response(status=204)
        return Response(piece_of(taken, request, schema=project.schema_id), status=201)


class PullAnyView(APIView):
    @extend_schema(operation_id="pull_any", request=NothingSerializer, responses={201: PieceShown, 204: NOTHING})
    def post(self, request: Request) -> Response:
        read(NothingSerializer, request)
        taken = lease.take_any(annotator=request.user)
        if taken is None:
            return Response(status=204)
        return Response(piece_of(taken, request, schema=taken.project.schema_id), status=201)


class AssignmentsView(generics.ListAPIView[Assignment]):
    """One's own assignments."""

    serializer_class = AssignmentShown
    filters = {"status": ("status", AssignmentStatus), "project": ("project_id", UUID)}

    def get_queryset(self) -> Any:
        return Assignment.objects.filter(annotator=self.request.user).select_related("task__asset")


class AssignmentView(APIView):
    @extend_schema(operation_id="read_assignment_in_hand", responses=PieceShown)
    def get(self, request: Request, pk: UUID) -> Response:
        held = Assignment.objects.select_related("project").filter(pk=pk, annotator=request.user)
        assignment = held.filter(status=AssignmentStatus.LEASED).first()
        if assignment is None:
            raise Missing("You do not hold this assignment. Pull again.")
        return Response(piece_of(assignment, request, schema=assignment.project.schema_id))


class ExtendView(APIView):
    @extend_schema(
        operation_id="extend_lease", request=HeldForm, responses=inline_serializer("Extended", {"lease": LeaseShown()})
    )
    def post(self, request: Request, pk: UUID) -> Response:
        assignment = lease.extend(pk, annotator=request.user, **read(HeldForm, request))
        return Response({"lease": lease_of(assignment)})


DONE = inline_serializer("LetGo", {"assignment": serializers.UUIDField()})


class ReleaseView(APIView):
    @extend_schema(operation_id="release_assignment", request=HeldForm, responses=DONE)
    def post(self, request: Request, pk: UUID) -> Response:
        assignment = lease.release(pk, annotator=request.user, **read(HeldForm, request))
        return Response({"assignment": str(assignment.pk)})


class SkipView(APIView):
    @extend_schema(operation_id="skip_assignment", request=SkipForm, responses=DONE)
    def post(self, request: Request, pk: UUID) -> Response:
        assignment = skip.skip(pk, annotator=request.user, **read(SkipForm, request))
        return Response({"assignment": str(assignment.pk)})


class ImageView(APIView):
    """The picture of the work in hand; the signed address is the key, so that a plain <img> can show it."""

    authentication_classes = ()
    permission_classes = ()
    content_negotiation_class = AsItIs

    @extend_schema(
        operation_id="read_assignment_image",
        parameters=[OpenApiParameter("token", str, required=True)],
        responses={(200, "image/*"): OpenApiTypes.BINARY},
        auth=[],
    )
    def get(self, request: Request, pk: UUID) -> HttpResponseBase:
        claims = storage.read(request.query_params.get("token", ""))
        assignment = Assignment.objects.select_related("project", "task__asset", "annotator").filter(pk=pk).first()
        if assignment is None or not self.is_still_hers(assignment, claims):
            raise storage.LinkExpired("You no longer hold this assignment, so its picture is not shown. Pull again.")
        return storage.image_response(assignment.task.asset, request)

    def is_still_hers(self, assignment: Assignment, claims: dict[str, Any]) -> bool:
        asked = (claims.get("asset"), claims.get("person"), claims.get("lease"))
        if asked != (str(assignment.task.asset_id), str(assignment.annotator_id), str(assignment.lease_token)):
            return False
        live = Assignment.objects.live_of(assignment.annotator).filter(pk=assignment.pk)
        return holds(assignment.annotator, "annotate", assignment.project) and live.exists()


class WithdrawView(APIView):
    @extend_schema(operation_id="withdraw_task", request=WithdrawForm, responses=TaskMoved)
    def post(self, request: Request, pk: UUID) -> Response:
        task = withdraw.withdraw(visible_task(request, pk), by=request.user, **read(WithdrawForm, request))
        return Response(TaskMoved(task).data)


class ReopenView(APIView):
    @extend_schema(operation_id="reopen_task", request=ReopenForm, responses=TaskMoved)
    def post(self, request: Request, pk: UUID) -> Response:
        task = withdraw.reopen(visible_task(request, pk), by=request.user, **read(ReopenForm, request))
        return Response(TaskMoved(task).data)


def visible_task(request: Request, pk: UUID) -> Task:
    inspected = Project.objects.where(request.user, may="inspect")
    return get_object_or_404(Task.objects.filter(project__in=inspected).select_related("project"), pk=pk)


routes: list[URLPattern] = [
    path("projects/<uuid:pk>/plan", PlanView.as_view(), name="plan"),
    path("projects/<uuid:pk>/pull", PullView.as_view(), name="pull"),
    path("pull", PullAnyView.as_view(), name="pull-any"),
    path("assignments", AssignmentsView.as_view(), name="assignments"),
    path("assignments/<uuid:pk>", AssignmentView.as_view(), name="assignment"),
    path("assignments/<uuid:pk>/extend", ExtendView.as_view(), name="assignment-extend"),
    path("assignments/<uuid:pk>/release", ReleaseView.as_view(), name="assignment-release"),
    path("assignments/<uuid:pk>/skip", SkipView.as_view(), name="assignment-skip"),
    path("assignments/<uuid:pk>/image", ImageView.as_view(), name="assignment-image"),
    path("tasks/<uuid:pk>/withdraw", WithdrawView.as_view(), name="task-withdraw"),
    path("tasks/<uuid:pk>/reopen", ReopenView.as_view(), name="task-reopen"),
]
