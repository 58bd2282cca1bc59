"""The endpoints of review: pulling, looking, deciding."""

import hashlib
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.db.models.functions import Now
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema, inline_serializer
from rest_framework import generics, serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from projects.datasets import storage
from projects.datasets.serve import AsItIs
from projects.project import Project
from projects.strict import NothingSerializer
from projects.teams.rights import holds
from tasks.annotation.models import Annotation
from tasks.assignment.forms import small_body
from tasks.review import lease
from tasks.review.correct import shown_in
from tasks.review.decide import decide
from tasks.review.forms import Decided, DecideForm, LetGoForm, ReviewPiece, ReviewShown
from tasks.review.models import Review, ReviewStatus

NOTHING = OpenApiResponse(description="There is nothing to review now.")


def inspected(request: Request) -> QuerySet[Review]:
    """Reviews of projects where this person may look; the others are missing."""
    projects = Project.objects.where(request.user, may="inspect")
    return Review.objects.filter(project__in=projects).select_related("task__asset", "project", "consensus")


def piece_of(review: Review, request: Request) -> Any:
    asset = review.task.asset
    address = reverse("review-image", args=[review.pk])
    is_held = review.status == ReviewStatus.LEASED
    return ReviewPiece(
        {
            "review": review.pk,
            "project": review.project_id,
            "task": review.task_id,
            "schema": review.project.schema_id,
            "asset": {
                "id": asset.pk,
                "key": asset.key,
                "image_url": storage.image_url(
                    asset, request, path=address, person=request.user.pk, lease=review.lease_token
                ),
                "width": asset.width,
                "height": asset.height,
            },
            "consensus": shown_in(review),
            "layer": review.layer,
            **({} if review.landmarks is None else {"landmarks": review.landmarks, "answers": answers_to(review)}),
            "lease": {"token": review.lease_token, "until": review.leased_until} if is_held else None,
        }
    ).data


def answers_to(review: Review) -> list[Annotation]:
    """What was answered, in an order of its own for each review, which tells nothing of who or when."""
    given = Annotation.objects.filter(task=review.task_id, round=review.round)
    return sorted(given, key=lambda answer: hashlib.sha256(f"{review.pk}:{answer.pk}".encode()).digest())


class ReviewPullView(APIView):
    @extend_schema(operation_id="pull_review", request=NothingSerializer, responses={201: ReviewPiece, 204: NOTHING})
    def post(self, request: Request, pk: UUID) -> Response:
        project = get_object_or_404(Project.objects.visible_to(request.user), pk=pk)
        NothingSerializer(data=small_body(request)).is_valid(raise_exception=True)
        review = lease.take(project, reviewer=request.user)
        return Response(status=204) if review is None else Response(piece_of(review, request), status=201)


class ReviewsView(generics.ListAPIView[Review]):
    serializer_class = ReviewShown
    filters = {"project": ("project_id", UUID), "status": ("status", ReviewStatus), "task": ("task_id", UUID)}

    def get_queryset(self) -> QuerySet[Review]:
        return inspected(self.request)

    @extend_schema(operation_id="list_reviews")
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().get(request, *args, **kwargs)


class ReviewView(APIView):
    @extend_schema(operation_id="read_own_review", responses=ReviewPiece)
    def get(self, request: Request, pk: UUID) -> Response:
        own = get_object_or_404(inspected(request).filter(reviewer=request.user), pk=pk)
        return Response(piece_of(own, request))


class DecideView(APIView):
    @extend_schema(operation_id="decide_review", request=DecideForm, responses=Decided)
    def post(self, request: Request, pk: UUID) -> Response:
        review = get_object_or_404(inspected(request), pk=pk)
        given = DecideForm(data=small_body(request))
        given.is_valid(raise_exception=True)
        return Response(Decided(decide(review.pk, reviewer=request.user, **given.validated_data)).data)


class LetGoView(APIView):
    @extend_schema(
        operation_id="release_review",
        request=LetGoForm,
        responses=inline_serializer("ReviewLetGo", {"review": serializers.UUIDField()}),
    )
    def post(self, request: Request, pk: UUID) -> Response:
        review = get_object_or_404(inspected(request), pk=pk)
        given = LetGoForm(data=small_body(request))
        given.is_valid(raise_exception=True)
        lease.release(review.pk, reviewer=request.user, **given.validated_data)
        return Response({"review": str(review.pk)})


class ReviewImageView(APIView):
    """The picture of the review in hand; the signed address is the key, so that a plain <img> can show it."""

    authentication_classes = ()
    permission_classes = ()
    content_negotiation_class = AsItIs

    @extend_schema(
        operation_id="read_review_image",
        parameters=[OpenApiParameter("token", str, required=True)],
        responses={(200, "image/*"): OpenApiTypes.BINARY},
        auth=[],
    )
    def get(self, request: Request, pk: UUID) -> HttpResponseBase:
        claims = storage.read(request.query_params.get("token", ""))
        held = Review.objects.filter(pk=pk, status=ReviewStatus.LEASED, leased_until__gt=Now())
        review = held.select_related("project", "task__asset", "reviewer").first()
        if review is None or not self.is_still_hers(review, claims):
            raise storage.LinkExpired("You no longer hold this review, so its picture is not shown. Pull again.")
        return storage.image_response(review.task.asset, request)

    def is_still_hers(self, review: Review, claims: dict[str, Any]) -> bool:
        asked = (claims.get("asset"), claims.get("person"), claims.get("lease"))
        hers = (str(review.task.asset_id), str(review.reviewer_id), str(review.lease_token))
        return asked == hers and holds(review.reviewer, "review", review.project)


routes: list[URLPattern] = [
    path("projects/<uuid:pk>/review/pull", ReviewPullView.as_view(), name="review-pull"),
    path("reviews", ReviewsView.as_view(), name="reviews"),
    path("reviews/<uuid:pk>", ReviewView.as_view(), name="review"),
    path("reviews/<uuid:pk>/decide", DecideView.as_view(), name="review-decide"),
    path("reviews/<uuid:pk>/release", LetGoView.as_view(), name="review-release"),
    path("reviews/<uuid:pk>/image", ReviewImageView.as_view(), name="review-image"),
]
