"""The endpoints of people: logging in, accounts and teams."""

from typing import Any
from uuid import UUID

from django.contrib.auth import authenticate
from django.db.models import Count
from django.shortcuts import get_object_or_404
from django.urls import path
from drf_spectacular.utils import extend_schema
from rest_framework import generics, serializers, status
from rest_framework.exceptions import NotAuthenticated
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from projects.errors import Refused
from projects.strict import NothingSerializer, StrictSerializer
from projects.teams import enrol, join, tokens
from projects.teams.models import Team, User
from projects.teams.rights import require_admin, require_founder
from projects.teams.throttle import LoginThrottle


class BadCredentials(Refused):
    code, status = "bad_credentials", 401


class Credentials(StrictSerializer):
    username = serializers.CharField(max_length=150)
    password = serializers.CharField(max_length=1000, trim_whitespace=False)


class TokenShown(serializers.Serializer[Any]):
    token = serializers.CharField()
    expires_at = serializers.DateTimeField()


class TokenView(APIView):
    permission_classes = [AllowAny]
    throttle_classes = [LoginThrottle]

    def get_authenticators(self) -> list[Any]:
        """Logging in needs no login; an old token that came along must not stand in the way."""
        return [] if self.request and self.request.method == "POST" else super().get_authenticators()

    @extend_schema(operation_id="log_in", request=Credentials, responses=TokenShown, auth=[])
    def post(self, request: Request) -> Response:
        given = Credentials(data=request.data)
        given.is_valid(raise_exception=True)
        user = authenticate(request._request, **given.validated_data)
        if not isinstance(user, User):
            raise BadCredentials("Username and password do not fit together.")
        token, expires_at = tokens.issue(user)
        return Response({"token": token, "expires_at": expires_at}, headers={"Cache-Control": "no-store"})

    @extend_schema(operation_id="log_out", request=None, responses={204: None})
    def delete(self, request: Request) -> Response:
        if not isinstance(request.auth, str):
            raise NotAuthenticated("Send the token that is to end.")
        tokens.revoke(request.auth, by=request.user)
        return Response(status=status.HTTP_204_NO_CONTENT)


class UserShown(serializers.ModelSerializer[User]):
    is_admin = serializers.BooleanField(source="is_superuser")

    class Meta:
        model = User
        fields = ["id", "username", "email", "is_active", "is_admin", "is_founder", "date_joined"]


class UserMade(UserShown):
    password = serializers.CharField(required=False, help_text="Only where none was given; shown this once.")

    class Meta(UserShown.Meta):
        fields = [*UserShown.Meta.fields, "password"]


class NewUser(StrictSerializer):
    username = serializers.CharField(max_length=150)
    password = serializers.CharField(max_length=1000, required=False, trim_whitespace=False)
    email = serializers.EmailField(required=False, allow_blank=True)
    is_founder = serializers.BooleanField(
        required=False, help_text="May enter clients and set up teams, schemas and projects."
    )


class UserChange(StrictSerializer):
    password = serializers.CharField(max_length=1000, required=False, trim_whitespace=False)
    email = serializers.EmailField(required=False, allow_blank=True)
    is_active = serializers.BooleanField(required=False)
    is_founder = serializers.BooleanField(required=False)


class UsersView(generics.ListAPIView[User]):
    serializer_class = UserShown
    filters = {"username": ("username", str)}

    def get_queryset(self) -> Any:
        require_admin(self.request.user)
        return User.objects.all()

    @extend_schema(operation_id="enrol_user", request=NewUser, responses={201: UserMade})
    def post(self, request: Request) -> Response:
        require_admin(request.user)
        given = NewUser(data=request.data)
        given.is_valid(raise_exception=True)
        user, password = enrol.enrol(by=request.user, **given.validated_data)
        shown = dict(UserShown(user).data)
        if "password" not in given.validated_data:
            shown["password"] = password
        return Response(shown, status=status.HTTP_201_CREATED)


class UserView(APIView):
    @extend_schema(operation_id="read_user", responses=UserShown)
    def get(self, request: Request, pk: UUID) -> Response:
        require_admin(request.user)
        return Response(UserShown(get_object_or_404(User, pk=pk)).data)

    @extend_schema(operation_id="change_user", request=UserChange, responses=UserShown)
    def patch(self, request: Request, pk: UUID) -> Response:
        require_admin(request.user)
        user = get_object_or_404(User, pk=pk)
        given = UserChange(data=request.data)
        given.is_valid(raise_exception=True)
        return Response(UserShown(enrol.change(user, by=request.user, **given.validated_data)).data)


class MemberShown(serializers.ModelSerializer[User]):
    class Meta:
        model = User
        fields = ["id", "username"]


class TeamShown(serializers.ModelSerializer[Team]):
    size = serializers.IntegerField(read_only=True)

    class Meta:
        model = Team
        fields = ["id", "name", "size", "created_at"]


class TeamWithMembers(TeamShown):
    members = MemberShown(many=True)

    class Meta(TeamShown.Meta):
        fields = [*TeamShown.Meta.fields, "members"]


class NewTeam(StrictSerializer):
    name = serializers.CharField(max_length=100)


def teams_of(user: User) -> Any:
    require_founder(user)
    return join.visible_to(user).annotate(size=Count("memberships"))


class TeamsView(generics.ListAPIView[Team]):
    serializer_class = TeamShown
    filters = {"name": ("name", str)}

    def get_queryset(self) -> Any:
        return teams_of(self.request.user)

    @extend_schema(operation_id="found_team", request=NewTeam, responses={201: TeamShown})
    def post(self, request: Request) -> Response:
        require_founder(request.user)
        given = NewTeam(data=request.data)
        given.is_valid(raise_exception=True)
        team = join.found(by=request.user, **given.validated_data)
        return Response(TeamShown(teams_of(request.user).get(pk=team.pk)).data, status=status.HTTP_201_CREATED)


class TeamView(APIView):
    @extend_schema(operation_id="read_team", responses=TeamWithMembers)
    def get(self, request: Request, pk: UUID) -> Response:
        return Response(TeamWithMembers(get_object_or_404(teams_of(request.user), pk=pk)).data)


class MemberView(APIView):
    @extend_schema(operation_id="join_team", request=NothingSerializer, responses=TeamWithMembers)
    def put(self, request: Request, pk: UUID, user_id: UUID) -> Response:
        team = get_object_or_404(teams_of(request.user), pk=pk)
        NothingSerializer(data=request.data).is_valid(raise_exception=True)
        join.join(team, get_object_or_404(User, pk=user_id), by=request.user)
        return Response(TeamWithMembers(teams_of(request.user).get(pk=pk)).data)

    @extend_schema(operation_id="leave_team", request=None, responses={204: None})
    def delete(self, request: Request, pk: UUID, user_id: UUID) -> Response:
        team = get_object_or_404(teams_of(request.user), pk=pk)
        join.leave(team, get_object_or_404(User, pk=user_id), by=request.user)
        return Response(status=status.HTTP_204_NO_CONTENT)


routes = [
    path("auth/token", TokenView.as_view(), name="token"),
    path("users", UsersView.as_view(), name="users"),
    path("users/<uuid:pk>", UserView.as_view(), name="user"),
    path("teams", TeamsView.as_view(), name="teams"),
    path("teams/<uuid:pk>", TeamView.as_view(), name="team"),
    path("teams/<uuid:pk>/members/<uuid:user_id>", MemberView.as_view(), name="member"),
]
