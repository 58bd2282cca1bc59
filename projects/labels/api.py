"""The endpoints of labels: what was accepted, for those who look after the work."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import generics, serializers
from rest_framework.request import Request
from rest_framework.response import Response

from projects.labels.models import Label
from projects.project import Project
from projects.teams.rights import require

Row = Sequence[float] | None


class LabelShown(serializers.ModelSerializer[Label]):
    key = serializers.CharField(source="asset.key", help_text="the asset's")
    points = serializers.SerializerMethodField(help_text="[x, y] in px, or null; the schema's order")
    covariance = serializers.SerializerMethodField(help_text="[[xx, xy], [yx, yy]] in px² or null, point by point")

    class Meta:
        model = Label
        fields = [
            *("id", "asset", "key", "schema", "version", "points", "visibility", "covariance", "answers", "agreement"),
            *("method", "method_version", "checked_layers", "corrected", "created_at"),
        ]

    @extend_schema_field(
        serializers.ListField(child=serializers.ListField(child=serializers.FloatField(), allow_null=True))
    )
    def get_points(self, label: Label) -> Sequence[Row]:
        return label.points

    @extend_schema_field(
        serializers.ListField(
            child=serializers.ListField(child=serializers.ListField(child=serializers.FloatField()), allow_null=True),
            allow_null=True,
        )
    )
    def get_covariance(self, label: Label) -> list[list[Sequence[float]] | None] | None:
        rows: Sequence[Row] | None = label.covariance
        return rows and [None if row is None else [row[:2], row[2:]] for row in rows]


class LabelsView(generics.ListAPIView[Label]):
    """The current labels of a project."""

    serializer_class = LabelShown
    filters = {"asset": ("asset_id", UUID)}

    def get_queryset(self) -> QuerySet[Label]:
        project = get_object_or_404(Project.objects.visible_to(self.request.user), pk=self.kwargs["pk"])
        require(self.request.user, "inspect", project)
        return Label.objects.filter(project=project, is_current=True).select_related("asset")

    @extend_schema(operation_id="list_labels")
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().get(request, *args, **kwargs)


routes: list[URLPattern] = [path("projects/<uuid:pk>/labels", LabelsView.as_view(), name="labels")]
