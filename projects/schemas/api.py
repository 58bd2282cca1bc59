"""The endpoints of schemas."""

from typing import Any
from uuid import UUID

from django.shortcuts import get_object_or_404
from django.urls import path
from drf_spectacular.utils import extend_schema
from rest_framework import generics, serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from projects.schemas import draft, presets
from projects.schemas.models import Schema
from projects.schemas.publish import publish
from projects.strict import NothingSerializer, StrictSerializer
from projects.teams.rights import require_founder


class PointShown(serializers.Serializer[Any]):
    key = serializers.CharField()
    name = serializers.CharField()
    definition = serializers.CharField(allow_blank=True)
    region = serializers.CharField(allow_blank=True)
    tolerance = serializers.FloatField(allow_null=True, help_text="As a fraction of the normaliser's length.")


class ContourShown(serializers.Serializer[Any]):
    key = serializers.CharField()
    name = serializers.CharField()
    points = serializers.ListField(child=serializers.CharField())
    closed = serializers.BooleanField()


class NormaliserShown(serializers.Serializer[Any]):
    kind = serializers.ChoiceField(choices=["distance", "box_diagonal"])
    a = serializers.ListField(child=serializers.CharField())
    b = serializers.ListField(child=serializers.CharField())


class SchemaBrief(serializers.ModelSerializer[Schema]):
    class Meta:
        model = Schema
        fields = ["id", "name", "version", "status", "created_at", "published_at"]


class SchemaShown(SchemaBrief):
    points = PointShown(many=True)
    contours = ContourShown(many=True)
    mirror = serializers.ListField(child=serializers.ListField(child=serializers.CharField()))
    normaliser = NormaliserShown(allow_null=True)
    reference = serializers.DictField(child=serializers.ListField(child=serializers.FloatField()))

    class Meta(SchemaBrief.Meta):
        fields = [*SchemaBrief.Meta.fields, *draft.PARTS]


class SchemaParts(StrictSerializer):
    """What a schema may say; `projects.landmarks` reads and judges it."""

    points = serializers.JSONField(required=False, help_text="[{key, name, definition, region, tolerance}], in order")
    contours = serializers.JSONField(required=False, help_text="[{key, name, points: [key], closed}]")
    mirror = serializers.JSONField(required=False, help_text="[[key, key]]: pairs that swap in a mirror")
    normaliser = serializers.JSONField(required=False, help_text="{kind: distance|box_diagonal, a: [key], b: [key]}")
    reference = serializers.JSONField(required=False, help_text="{key: [x, y]}: the mean shape")


class NewSchema(SchemaParts):
    name = serializers.CharField(max_length=100)
    preset = serializers.CharField(max_length=30, required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if "preset" in attrs and set(attrs) - {"name", "preset"}:
            raise serializers.ValidationError({"preset": "Send a preset or points of your own, not both."})
        if "preset" not in attrs and "points" not in attrs:
            raise serializers.ValidationError({"points": "Send points, or the name of a preset."})
        return attrs


class SchemasView(generics.ListAPIView[Schema]):
    serializer_class = SchemaBrief
    filters = {"name": ("name", str), "status": ("status", str)}

    def get_queryset(self) -> Any:
        return draft.readable_by(self.request.user).defer(*draft.PARTS)

    @extend_schema(operation_id="draft_schema", request=NewSchema, responses={201: SchemaShown})
    def post(self, request: Request) -> Response:
        require_founder(request.user)
        given = NewSchema(data=request.data)
        given.is_valid(raise_exception=True)
        definition = dict(given.validated_data)
        name, preset = definition.pop("name"), definition.pop("preset", None)
        if preset is None:
            schema = draft.draft(name, definition=definition, by=request.user)
        else:
            schema = draft.from_preset(name, preset=preset, by=request.user)
        return Response(SchemaShown(schema).data, status=status.HTTP_201_CREATED)


class PresetShown(serializers.Serializer[Any]):
    preset = serializers.CharField()
    name = serializers.CharField()
    points = serializers.IntegerField(help_text="How many.")


class PresetsView(APIView):
    @extend_schema(operation_id="list_presets", responses=PresetShown(many=True))
    def get(self, request: Request) -> Response:
        require_founder(request.user)
        loaded = [(key, presets.load(key)) for key in presets.PRESETS]
        return Response([{"preset": key, "name": body["name"], "points": len(body["points"])} for key, body in loaded])


class SchemaView(APIView):
    def chosen(self, request: Request, pk: UUID) -> Schema:
        return get_object_or_404(draft.readable_by(request.user), pk=pk)

    @extend_schema(operation_id="read_schema", responses=SchemaShown)
    def get(self, request: Request, pk: UUID) -> Response:
        return Response(SchemaShown(self.chosen(request, pk)).data)

    @extend_schema(operation_id="change_schema", request=SchemaParts, responses=SchemaShown)
    def patch(self, request: Request, pk: UUID) -> Response:
        schema = self.chosen(request, pk)
        given = SchemaParts(data=request.data)
        given.is_valid(raise_exception=True)
        return Response(SchemaShown(draft.change(schema, changes=given.validated_data, by=request.user)).data)


class PublishView(APIView):
    @extend_schema(operation_id="publish_schema", request=NothingSerializer, responses=SchemaShown)
    def post(self, request: Request, pk: UUID) -> Response:
        schema = get_object_or_404(draft.readable_by(request.user), pk=pk)
        NothingSerializer(data=request.data).is_valid(raise_exception=True)
        return Response(SchemaShown(publish(schema, by=request.user)).data)


routes = [
    path("schemas", SchemasView.as_view(), name="schemas"),
    path("schemas/presets", PresetsView.as_view(), name="presets"),
    path("schemas/<uuid:pk>", SchemaView.as_view(), name="schema-version"),
    path("schemas/<uuid:pk>/publish", PublishView.as_view(), name="publish-schema"),
]
