"""The endpoints of datasets: bringing pictures in, and looking at what is there."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, PolymorphicProxySerializer, extend_schema
from rest_framework import generics, status
from rest_framework.parsers import JSONParser, MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from projects.audit.trail import record
from projects.datasets import forms
from projects.datasets.intake.register import register
from projects.datasets.intake.start import start
from projects.datasets.intake.take import add_image, require_open
from projects.datasets.models import Asset, ImportBatch, Refusal
from projects.datasets.serve import AsItIs
from projects.datasets.storage import image_response
from projects.project import Project
from projects.teams.rights import require

BROUGHT = PolymorphicProxySerializer(
    component_name="Brought", serializers=[forms.ImageBrought, forms.ItemsBrought], resource_type_field_name=None
)
SENT = {"multipart/form-data": forms.NewImage, "application/json": forms.NewItems}
TOO_LARGE = OpenApiResponse(description="The file is larger than the service takes.")


def managed(request: Request, pk: UUID) -> Project:
    """The project if the asker manages it: 404 where she may not see it, 403 where she may not manage it."""
    project = get_object_or_404(Project.objects.visible_to(request.user), pk=pk)
    require(request.user, "manage", project)
    return project


class AssetsView(generics.ListAPIView[Asset]):
    serializer_class = forms.AssetShown
    parser_classes = [JSONParser, MultiPartParser]
    filters = {
        "key": ("key", str),
        "subject_id": ("subject_id", str),
        "sequence": ("sequence__key", str),
        "dataset": ("dataset__name", str),
    }

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        forms.refuse_large(request, most=settings.MAX_IMAGE_BYTES)
        super().initial(request, *args, **kwargs)

    def get_queryset(self) -> Any:
        project = managed(self.request, self.kwargs["pk"])
        return Asset.objects.filter(project=project).select_related("sequence", "dataset")

    @extend_schema(operation_id="list_assets")
    def get(self, request: Request, pk: UUID) -> Response:
        return self.list(request)

    @extend_schema(operation_id="bring_in_assets", request=SENT, responses={201: BROUGHT, 413: TOO_LARGE})
    def post(self, request: Request, pk: UUID) -> Response:
        project = managed(request, pk)
        require_open(project, by=request.user)
        body = self.one(request, project) if _is_form(request) else self.many(request, project)
        return Response(body, status=status.HTTP_201_CREATED)

    def one(self, request: Request, project: Project) -> Any:
        file, about = forms.image_of(request)
        asset, created = add_image(project, file, about, by=request.user)
        asset.created = created  # type: ignore[attr-defined]
        return forms.ImageBrought(asset).data

    def many(self, request: Request, project: Project) -> Any:
        rows = forms.items_of(request.data)
        with transaction.atomic():
            outcomes = register(project, rows, by=request.user)
            body = {
                "created": sum(each.created for each in outcomes),
                "existing": sum(each.asset_id is not None and not each.created for each in outcomes),
                "refused": [
                    {"index": index, "code": each.refused.code, "detail": each.refused.detail}
                    for index, each in enumerate(outcomes)
                    if each.refused
                ],
            }
            facts = {"created": body["created"], "existing": body["existing"], "refused": len(body["refused"])}
            record("import.finished", project, by=request.user, kind="items", **facts)
        return body | {"items": [each.asset_id for each in outcomes]}


class AssetView(APIView):
    @extend_schema(operation_id="read_asset", responses=forms.AssetShown)
    def get(self, request: Request, pk: UUID) -> Response:
        asset = visible(request, pk)
        require(request.user, "manage", asset.project)
        return Response(forms.AssetShown(asset, context={"request": request}).data)


class AssetImageView(APIView):
    content_negotiation_class = AsItIs

    @extend_schema(
        operation_id="see_asset",
        responses={(200, "image/*"): OpenApiTypes.BINARY, (206, "image/*"): OpenApiTypes.BINARY},
    )
    def get(self, request: Request, pk: UUID) -> HttpResponseBase:
        asset = visible(request, pk)
        require(request.user, "inspect", asset.project)
        return image_response(asset, request)


class ImportsView(generics.ListAPIView[ImportBatch]):
    serializer_class = forms.ImportShown
    parser_classes = [MultiPartParser]
    filters = {"status": ("status", str)}

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        forms.refuse_large(request, most=settings.MAX_ARCHIVE_BYTES)
        super().initial(request, *args, **kwargs)

    def get_queryset(self) -> Any:
        return ImportBatch.objects.filter(project=managed(self.request, self.kwargs["pk"])).select_related("dataset")

    @extend_schema(operation_id="list_imports")
    def get(self, request: Request, pk: UUID) -> Response:
        return self.list(request)

    @extend_schema(
        operation_id="start_import",
        request={"multipart/form-data": forms.NewImport},
        responses={202: forms.ImportShown, 413: TOO_LARGE},
    )
    def post(self, request: Request, pk: UUID) -> Response:
        project = managed(request, pk)
        require_open(project, by=request.user)
        file, dataset = forms.import_of(request)
        batch = start(project, file, dataset=dataset, by=request.user)
        where = request.build_absolute_uri(reverse("import", args=[batch.pk]))
        shown = forms.ImportShown(ImportBatch.objects.select_related("dataset").get(pk=batch.pk)).data
        return Response(shown, status=status.HTTP_202_ACCEPTED, headers={"Location": where})


class ImportView(APIView):
    @extend_schema(operation_id="read_import", responses=forms.ImportShown)
    def get(self, request: Request, pk: UUID) -> Response:
        return Response(forms.ImportShown(managed_import(request, pk)).data)


class RefusalsView(generics.ListAPIView[Refusal]):
    serializer_class = forms.RefusalShown
    filters = {"code": ("code", str)}

    @extend_schema(operation_id="list_refusals")
    def get(self, request: Request, pk: UUID) -> Response:
        return self.list(request)

    def get_queryset(self) -> Any:
        return Refusal.objects.filter(batch=managed_import(self.request, self.kwargs["pk"]))


def visible(request: Request, pk: UUID) -> Asset:
    mine = Asset.objects.filter(project__in=Project.objects.where(request.user, may="inspect"))
    return get_object_or_404(mine.select_related("project", "sequence", "dataset"), pk=pk)


def managed_import(request: Request, pk: UUID) -> ImportBatch:
    mine = ImportBatch.objects.filter(project__in=Project.objects.where(request.user, may="inspect"))
    batch: ImportBatch = get_object_or_404(mine.select_related("project", "dataset"), pk=pk)
    require(request.user, "manage", batch.project)
    return batch


def _is_form(request: Request) -> bool:
    return request.content_type.startswith("multipart/")


routes: list[URLPattern] = [
    path("projects/<uuid:pk>/assets", AssetsView.as_view(), name="assets"),
    path("projects/<uuid:pk>/imports", ImportsView.as_view(), name="imports"),
    path("assets/<uuid:pk>", AssetView.as_view(), name="asset"),
    path("assets/<uuid:pk>/image", AssetImageView.as_view(), name="asset-image"),
    path("imports/<uuid:pk>", ImportView.as_view(), name="import"),
    path("imports/<uuid:pk>/refusals", RefusalsView.as_view(), name="import-refusals"),
]
