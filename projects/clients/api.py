"""The endpoints of clients."""

from typing import Any
from uuid import UUID

from django.shortcuts import get_object_or_404
from django.urls import path
from drf_spectacular.utils import extend_schema
from rest_framework import generics, serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from projects.clients import enter
from projects.clients.models import Client
from projects.strict import StrictSerializer
from projects.teams.rights import require_founder


class ClientShown(serializers.ModelSerializer[Client]):
    class Meta:
        model = Client
        fields = ["id", "name", "created_at"]


class ClientName(StrictSerializer):
    name = serializers.CharField(max_length=100)


class ClientsView(generics.ListAPIView[Client]):
    serializer_class = ClientShown
    filters = {"name": ("name", str)}

    def get_queryset(self) -> Any:
        require_founder(self.request.user)
        return enter.visible_to(self.request.user)

    @extend_schema(operation_id="enter_client", request=ClientName, responses={201: ClientShown})
    def post(self, request: Request) -> Response:
        require_founder(request.user)
        given = ClientName(data=request.data)
        given.is_valid(raise_exception=True)
        client = enter.enter(by=request.user, **given.validated_data)
        return Response(ClientShown(client).data, status=status.HTTP_201_CREATED)


class ClientView(APIView):
    def chosen(self, request: Request, pk: UUID) -> Client:
        require_founder(request.user)
        return get_object_or_404(enter.visible_to(request.user), pk=pk)

    @extend_schema(operation_id="read_client", responses=ClientShown)
    def get(self, request: Request, pk: UUID) -> Response:
        return Response(ClientShown(self.chosen(request, pk)).data)

    @extend_schema(operation_id="rename_client", request=ClientName, responses=ClientShown)
    def patch(self, request: Request, pk: UUID) -> Response:
        client = self.chosen(request, pk)
        given = ClientName(data=request.data)
        given.is_valid(raise_exception=True)
        return Response(ClientShown(enter.rename(client, by=request.user, **given.validated_data)).data)


routes = [
    path("clients", ClientsView.as_view(), name="clients"),
    path("clients/<uuid:pk>", ClientView.as_view(), name="client"),
]
