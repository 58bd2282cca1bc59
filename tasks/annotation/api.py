"""The endpoints of annotation: drafts, submitting, one's own past answers."""

from typing import Any
from uuid import UUID

from django.urls import URLPattern, path
from drf_spectacular.utils import extend_schema, inline_serializer
from rest_framework import generics, serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from tasks.annotation import draft, submit
from tasks.annotation.models import Annotation
from tasks.assignment.forms import AttributesAsSent, HeldForm, PointsAsSent, SecondsAsSent, VisibilityAsSent, small_body


class DraftForm(HeldForm):
    points = PointsAsSent()
    visibility = VisibilityAsSent()


class SubmitForm(DraftForm):
    attributes = AttributesAsSent(required=False, default=dict)
    seconds = SecondsAsSent()


class AnnotationShown(serializers.Serializer[Any]):
    """One of her own answers, as she gave it."""

    id = serializers.UUIDField()
    assignment = serializers.UUIDField(source="assignment_id")
    project = serializers.UUIDField(source="project_id")
    task = serializers.UUIDField(source="task_id")
    asset = inline_serializer(
        "AssetOfAnnotation", {"id": serializers.UUIDField(), "key": serializers.CharField()}, source="task.asset"
    )
    schema = serializers.UUIDField(source="schema_id")
    points = PointsAsSent()
    visibility = VisibilityAsSent()
    attributes = AttributesAsSent()
    seconds = SecondsAsSent()
    submitted_at = serializers.DateTimeField()


class DraftView(APIView):
    @extend_schema(
        operation_id="save_draft",
        request=DraftForm,
        responses=inline_serializer("DraftSaved", {"saved_at": serializers.DateTimeField()}),
    )
    def put(self, request: Request, pk: UUID) -> Response:
        given = DraftForm(data=small_body(request))
        given.is_valid(raise_exception=True)
        kept = draft.save(pk, annotator=request.user, **given.validated_data)
        return Response({"saved_at": kept.saved_at})


class SubmitView(APIView):
    @extend_schema(
        operation_id="submit",
        request=SubmitForm,
        responses={201: inline_serializer("Submitted", {"annotation": serializers.UUIDField()})},
    )
    def post(self, request: Request, pk: UUID) -> Response:
        given = SubmitForm(data=small_body(request))
        given.is_valid(raise_exception=True)
        annotation, _ = submit.submit(pk, annotator=request.user, **given.validated_data)
        return Response({"annotation": str(annotation.pk)}, status=201)


class AnnotationsView(generics.ListAPIView[Annotation]):
    """One's own past answers."""

    serializer_class = AnnotationShown
    filters = {"project": ("project_id", UUID), "task": ("task_id", UUID)}

    def get_queryset(self) -> Any:
        return Annotation.objects.filter(annotator=self.request.user).select_related("task__asset")


routes: list[URLPattern] = [
    path("assignments/<uuid:pk>/draft", DraftView.as_view(), name="assignment-draft"),
    path("assignments/<uuid:pk>/submit", SubmitView.as_view(), name="assignment-submit"),
    path("annotations", AnnotationsView.as_view(), name="annotations"),
]
