"""The endpoints of deliveries: ask for a release, publish it, download it, accept or reject it."""

from typing import Any, cast
from uuid import UUID

from django.db.models import OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import generics
from rest_framework.exceptions import NotAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from projects.datasets.serve import AsItIs, file_response
from projects.deliveries import begin, decide, download, publish
from projects.deliveries.forms import Acceptance, NewRelease, Rejection, ReleaseShown, ReleaseWithFiles
from projects.deliveries.models import Item, Release
from projects.project import Project
from projects.strict import NothingSerializer, StrictSerializer
from projects.teams.models import User

CONTENT_TYPES = {
    "json": "application/json",
    "jsonl": "application/x-ndjson",
    "pts": "text/plain; charset=us-ascii",
    "zip": "application/zip",
}


def visible(user: Any) -> QuerySet[Release]:
    """With the number of items, which is that of the last one: counting a million for each row would take seconds."""
    last = Item.objects.filter(release=OuterRef("pk")).order_by("-number").values("number")[:1]
    return Release.objects.visible_to(user).annotate(item_count=Coalesce(Subquery(last), Value(0)))


def shown(release: Release, request: Request) -> Response:
    found = visible(request.user).prefetch_related("files").get(pk=release.pk)
    return Response(ReleaseWithFiles(found, context={"request": request}).data)


class NewReleases(APIView):
    @extend_schema(operation_id="begin_release", request=NewRelease, responses={202: ReleaseShown})
    def post(self, request: Request, pk: UUID) -> Response:
        """Ask for the next version of the project's dataset; it is frozen and built in the background."""
        project = get_object_or_404(Project.objects.visible_to(request.user), pk=pk)
        given = NewRelease(data=request.data)
        given.is_valid(raise_exception=True)
        release = begin.begin(project, by=request.user, **given.validated_data)
        return Response(ReleaseShown(visible(request.user).get(pk=release.pk)).data, status=202)


class Releases(generics.ListAPIView[Release]):
    serializer_class = ReleaseShown
    filters = {"project": ("project_id", UUID), "status": ("status", str)}

    def get_queryset(self) -> QuerySet[Release]:
        return visible(self.request.user)

    @extend_schema(operation_id="list_releases")
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Releases of your projects: all as a manager, the published ones as a client."""
        return super().get(request, *args, **kwargs)


class OneRelease(generics.RetrieveAPIView[Release]):
    serializer_class = ReleaseWithFiles

    def get_queryset(self) -> QuerySet[Release]:
        return visible(self.request.user).prefetch_related("files")

    @extend_schema(operation_id="read_release")
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """A release and its files, each with an address that works for you for an hour without a token."""
        return super().get(request, *args, **kwargs)


class Deed(APIView):
    """Something done to a release that one may see."""

    def found(self, pk: UUID) -> Release:
        return get_object_or_404(Release.objects.visible_to(self.request.user), pk=pk)

    def given(self, kind: type[StrictSerializer]) -> dict[str, Any]:
        body = kind(data=self.request.data)
        body.is_valid(raise_exception=True)
        return cast(dict[str, Any], body.validated_data)


class Retry(Deed):
    @extend_schema(operation_id="retry_release", request=NothingSerializer, responses={202: ReleaseWithFiles})
    def post(self, request: Request, pk: UUID) -> Response:
        """Build a release again that failed."""
        release = self.found(pk)
        self.given(NothingSerializer)
        begin.begin_again(release, by=request.user)
        response = shown(release, request)
        response.status_code = 202
        return response


class Publish(Deed):
    @extend_schema(operation_id="publish_release", request=NothingSerializer, responses=ReleaseWithFiles)
    def post(self, request: Request, pk: UUID) -> Response:
        """Let the client see a built release."""
        release = self.found(pk)
        self.given(NothingSerializer)
        return shown(publish.publish(release, by=request.user), request)


class Accept(Deed):
    @extend_schema(operation_id="accept_release", request=Acceptance, responses=ReleaseWithFiles)
    def post(self, request: Request, pk: UUID) -> Response:
        """Accept a published release; the client only."""
        release = self.found(pk)
        note = self.given(Acceptance)["note"]
        return shown(decide.accept(release, note=note, by=request.user), request)


class Reject(Deed):
    @extend_schema(operation_id="reject_release", request=Rejection, responses=ReleaseWithFiles)
    def post(self, request: Request, pk: UUID) -> Response:
        """Reject a published release, saying why, and which items; the client only."""
        release = self.found(pk)
        given = self.given(Rejection)
        objections = [dict(each) for each in given["items"]]
        return shown(decide.reject(release, note=given["note"], objections=objections, by=request.user), request)


class Download(APIView):
    permission_classes = []  # a signed address stands for the person it was made for
    content_negotiation_class = AsItIs

    @extend_schema(
        operation_id="download_release_file",
        parameters=[
            OpenApiParameter("signature", OpenApiTypes.STR, description="From `download_url`, instead of a token."),
            OpenApiParameter("Range", OpenApiTypes.STR, OpenApiParameter.HEADER),
            OpenApiParameter("If-Range", OpenApiTypes.STR, OpenApiParameter.HEADER),
            OpenApiParameter("If-None-Match", OpenApiTypes.STR, OpenApiParameter.HEADER),
        ],
        responses={
            (200, "application/octet-stream"): OpenApiTypes.BINARY,
            (206, "application/octet-stream"): OpenApiTypes.BINARY,
            304: None,
            416: None,
        },
    )
    def get(self, request: Request, pk: UUID, path: str) -> HttpResponseBase:
        """A file of a release, whole or from where a cut download stopped; its ETag is its SHA-256."""
        person = self.person(request, pk, path)
        file = download.find(pk, path, by=person)
        response = file_response(
            request._request,
            name_in_storage=file.stored_as,
            size=file.bytes,
            content_type=CONTENT_TYPES.get(path.rpartition(".")[2], "text/plain; charset=utf-8"),
            etag=file.sha256,
            filename=path,
        )
        if request.method == "GET" and response.status_code in (200, 206):
            download.tell(file, by=person)
        return response

    def person(self, request: Request, pk: UUID, path: str) -> User:
        if signature := request.query_params.get("signature"):
            return download.signed_by(signature, release_id=pk, path=path)
        if not request.user.is_authenticated:
            raise NotAuthenticated
        return cast(User, request.user)


routes: list[URLPattern] = [
    path("projects/<uuid:pk>/releases", NewReleases.as_view(), name="project-releases"),
    path("releases", Releases.as_view(), name="releases"),
    path("releases/<uuid:pk>", OneRelease.as_view(), name="release"),
    path("releases/<uuid:pk>/retry", Retry.as_view(), name="release-retry"),
    path("releases/<uuid:pk>/publish", Publish.as_view(), name="release-publish"),
    path("releases/<uuid:pk>/accept", Accept.as_view(), name="release-accept"),
    path("releases/<uuid:pk>/reject", Reject.as_view(), name="release-reject"),
    path("releases/<uuid:pk>/files/<path:path>", Download.as_view(), name="release-file"),
]
