"""The endpoints of projects: setting up, roles, states."""

from typing import Any
from uuid import UUID

from django.shortcuts import get_object_or_404
from django.urls import path
from drf_spectacular.utils import extend_schema, inline_serializer
from rest_framework import generics, serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from projects import setup
from projects.clients import enter
from projects.errors import Invalid
from projects.project import Project
from projects.schemas.draft import readable_by
from projects.strict import StrictSerializer
from projects.teams import grants, join
from projects.teams.models import Grant, Team, User
from projects.teams.rights import holds, require, require_founder
from projects.teams.roles import ROLES


class ProjectShown(serializers.ModelSerializer[Project]):
    """What everybody with a role sees."""

    class Meta:
        model = Project
        fields = ["id", "name", "client", "schema", "status", "created_at"]


class ProjectWithPolicy(ProjectShown):
    """What a manager sees too: an annotator must not know how her work is checked."""

    policy = serializers.DictField()

    class Meta(ProjectShown.Meta):
        fields = [*ProjectShown.Meta.fields, "policy"]


class NewProject(StrictSerializer):
    client = serializers.UUIDField()
    name = serializers.CharField(max_length=100)
    schema = serializers.UUIDField()
    policy = serializers.JSONField(required=False, default=dict)


class ProjectChange(StrictSerializer):
    name = serializers.CharField(max_length=100, required=False)
    schema = serializers.UUIDField(required=False)
    policy = serializers.JSONField(required=False)


class Transition(StrictSerializer):
    to = serializers.CharField(max_length=20)


class NewGrant(StrictSerializer):
    team = serializers.UUIDField(required=False)
    user = serializers.UUIDField(required=False)
    role = serializers.ChoiceField(choices=sorted(ROLES))

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if ("team" in attrs) == ("user" in attrs):
            raise serializers.ValidationError("Send a team or a user.")
        return attrs


class GrantShown(serializers.ModelSerializer[Grant]):
    class Meta:
        model = Grant
        fields = ["id", "user", "team", "role", "created_at"]


def named(queryset: Any, pk: UUID | None, pointer: str) -> Any:
    """The row that a body names, or 422: what the asker may not see is as good as missing."""
    found = None if pk is None else queryset.filter(pk=pk).first()
    if pk is not None and found is None:
        detail = "There is nothing with this id, or nothing that you may use."
        raise Invalid(detail, errors=[{"pointer": pointer, "detail": detail}])
    return found


class ProjectsView(generics.ListAPIView[Project]):
    serializer_class = ProjectShown
    filters = {"client": ("client_id", UUID), "status": ("status", str), "name": ("name", str)}

    def get_queryset(self) -> Any:
        return Project.objects.visible_to(self.request.user)

    @extend_schema(operation_id="set_up_project", request=NewProject, responses={201: ProjectWithPolicy})
    def post(self, request: Request) -> Response:
        require_founder(request.user)
        given = NewProject(data=request.data)
        given.is_valid(raise_exception=True)
        body = given.validated_data
        project = setup.set_up(
            body["name"],
            client=named(enter.visible_to(request.user), body["client"], "/client"),
            schema=named(readable_by(request.user), body["schema"], "/schema"),
            rules=body["policy"],
            by=request.user,
        )
        return Response(ProjectWithPolicy(project).data, status=status.HTTP_201_CREATED)


class ProjectView(APIView):
    @extend_schema(operation_id="read_project", responses=ProjectWithPolicy)
    def get(self, request: Request, pk: UUID) -> Response:
        project = get_object_or_404(Project.objects.visible_to(request.user), pk=pk)
        shown = ProjectWithPolicy if holds(request.user, "manage", project) else ProjectShown
        return Response(shown(project).data)

    @extend_schema(operation_id="change_project", request=ProjectChange, responses=ProjectWithPolicy)
    def patch(self, request: Request, pk: UUID) -> Response:
        project = get_object_or_404(Project.objects.visible_to(request.user), pk=pk)
        require(request.user, "manage", project)
        given = ProjectChange(data=request.data)
        given.is_valid(raise_exception=True)
        body = given.validated_data
        schema = named(readable_by(request.user), body.get("schema"), "/schema")
        changed = setup.change(project, by=request.user, name=body.get("name"), rules=body.get("policy"), schema=schema)
        return Response(ProjectWithPolicy(changed).data)


class TransitionView(APIView):
    @extend_schema(
        operation_id="move_project",
        request=Transition,
        responses=inline_serializer("ProjectState", {"status": serializers.CharField()}),
    )
    def post(self, request: Request, pk: UUID) -> Response:
        project = get_object_or_404(Project.objects.visible_to(request.user).select_related("schema"), pk=pk)
        require(request.user, "manage", project)
        given = Transition(data=request.data)
        given.is_valid(raise_exception=True)
        return Response({"status": setup.transition(project, by=request.user, **given.validated_data).status})


class GrantsView(generics.ListAPIView[Grant]):
    serializer_class = GrantShown

    def chosen(self) -> Project:
        return get_object_or_404(Project.objects.visible_to(self.request.user), pk=self.kwargs["pk"])

    def get_queryset(self) -> Any:
        project = self.chosen()
        require(self.request.user, "manage", project)
        return Grant.objects.filter(project=project)

    def holder(self, request: Request) -> tuple[str, User | Team]:
        given = NewGrant(data=request.data)
        given.is_valid(raise_exception=True)
        body = given.validated_data
        team = named(join.visible_to(request.user), body.get("team"), "/team")
        user = named(User.objects.filter(is_active=True), body.get("user"), "/user")
        return body["role"], team or user

    @extend_schema(operation_id="give_role", request=NewGrant, responses=GrantShown)
    def put(self, request: Request, pk: UUID) -> Response:
        project = self.chosen()
        require(request.user, "manage", project)
        role, holder = self.holder(request)
        return Response(GrantShown(grants.give(project, role=role, to=holder, by=request.user)).data)

    @extend_schema(operation_id="take_back_role", request=NewGrant, responses={204: None})
    def delete(self, request: Request, pk: UUID) -> Response:
        project = self.chosen()
        require(request.user, "manage", project)
        role, holder = self.holder(request)
        grants.withdraw(project, role=role, to=holder, by=request.user)
        return Response(status=status.HTTP_204_NO_CONTENT)


routes = [
    path("projects", ProjectsView.as_view(), name="projects"),
    path("projects/<uuid:pk>", ProjectView.as_view(), name="project"),
    path("projects/<uuid:pk>/transition", TransitionView.as_view(), name="transition"),
    path("projects/<uuid:pk>/grants", GrantsView.as_view(), name="grants"),
]
