"""The endpoints of calibration."""

from typing import Any
from uuid import UUID

from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from projects.datasets.models import Asset
from projects.project import Project
from projects.strict import StrictSerializer
from tasks.assignment.forms import PointsAsSent, VisibilityAsSent, small_body
from tasks.calibration.gold import set_gold


class GoldForm(StrictSerializer):
    points = PointsAsSent()
    visibility = VisibilityAsSent()


class GoldShown(serializers.Serializer[Any]):
    asset = serializers.UUIDField(source="asset_id")
    version = serializers.IntegerField()
    points = PointsAsSent()
    visibility = VisibilityAsSent()
    created_at = serializers.DateTimeField()


class GoldView(APIView):
    @extend_schema(operation_id="set_gold", request=GoldForm, responses=GoldShown)
    def put(self, request: Request, pk: UUID) -> Response:
        inspected = Project.objects.where(request.user, may="inspect")
        assets = Asset.objects.filter(project__in=inspected).select_related("project__schema")
        asset = get_object_or_404(assets, pk=pk)
        given = GoldForm(data=small_body(request))
        given.is_valid(raise_exception=True)
        gold = set_gold(asset, by=request.user, **given.validated_data)
        gold.refresh_from_db(fields=["created_at"])
        return Response(GoldShown(gold).data)


routes: list[URLPattern] = [path("assets/<uuid:pk>/gold", GoldView.as_view(), name="asset-gold")]
