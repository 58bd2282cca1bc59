"""What assets and imports look like from outside, and reading what was sent."""

from pathlib import PurePosixPath
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.urls import reverse
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request

from projects.datasets.intake import describe
from projects.datasets.intake.describe import Description
from projects.datasets.models import Asset, ImportBatch, Refusal
from projects.errors import Invalid, Refused, TooLarge
from projects.strict import StrictSerializer

MOST_ITEMS = 1000
ENVELOPE_BYTES = 2**20  # of a multipart body besides its file


class AssetShown(serializers.ModelSerializer[Asset]):
    """`image_url` is ours where the picture is kept here, else the client's own address; null if there is neither."""

    sequence = serializers.CharField(source="sequence.key", default=None, read_only=True, allow_null=True)
    dataset = serializers.CharField(source="dataset.name", read_only=True)
    image_url = serializers.SerializerMethodField()

    class Meta:
        model = Asset
        fields = [
            "id", "key", "width", "height", "sha256", "content_type", "bytes", "url", "image_url", "subject_id",
            "consent", "sequence", "frame", "dataset", "metadata", "created_at",
        ]  # fmt: skip

    @extend_schema_field({"type": ["string", "null"], "format": "uri"})
    def get_image_url(self, asset: Asset) -> str | None:
        if not asset.file:
            return asset.url or None
        return self.context["request"].build_absolute_uri(reverse("asset-image", args=[asset.pk]))


class ImportShown(serializers.ModelSerializer[ImportBatch]):
    dataset = serializers.CharField(source="dataset.name", read_only=True)

    class Meta:
        model = ImportBatch
        fields = [
            "id", "project", "dataset", "kind", "status", "rows", "done", "created", "existing", "refused", "reason",
            "created_at", "finished_at",
        ]  # fmt: skip


class RefusalShown(serializers.ModelSerializer[Refusal]):
    class Meta:
        model = Refusal
        fields = ["row", "key", "code", "detail"]


class NewImage(StrictSerializer):
    """A picture and, as JSON text, what its client says about it."""

    file = serializers.FileField(allow_empty_file=True)
    metadata = serializers.CharField(required=False, help_text="JSON; the fields are those of an item of the list.")


class NewImport(StrictSerializer):
    file = serializers.FileField(help_text="A zip of pictures, or a list as CSV or JSON.", allow_empty_file=True)
    dataset = serializers.CharField(required=False, max_length=100)


class ItemShape(serializers.Serializer[Any]):
    """For the document only: `describe.read` is what checks, one item at a time."""

    key = serializers.CharField(max_length=300)
    url = serializers.URLField(required=False, max_length=2000)
    width = serializers.IntegerField(required=False, min_value=1)
    height = serializers.IntegerField(required=False, min_value=1)
    subject_id = serializers.CharField(required=False, max_length=200)
    consent = serializers.CharField(required=False, max_length=200)
    sequence = serializers.CharField(required=False, max_length=200)
    frame = serializers.IntegerField(required=False, min_value=0)
    dataset = serializers.CharField(required=False, max_length=100)
    metadata = serializers.DictField(required=False)


class NewItems(serializers.Serializer[Any]):
    items = serializers.ListField(child=ItemShape(), max_length=MOST_ITEMS)


class ImageBrought(serializers.ModelSerializer[Asset]):
    created = serializers.BooleanField()

    class Meta:
        model = Asset
        fields = ["id", "key", "width", "height", "sha256", "created"]


class ItemRefused(serializers.Serializer[Any]):
    index = serializers.IntegerField()
    code = serializers.CharField()
    detail = serializers.CharField()


class ItemsBrought(serializers.Serializer[Any]):
    """`items` are the ids of the assets in the order sent, null where one was refused."""

    created = serializers.IntegerField()
    existing = serializers.IntegerField()
    refused = ItemRefused(many=True)
    items = serializers.ListField(child=serializers.UUIDField(allow_null=True))


def refuse_large(request: Any, *, most: int) -> None:
    """Before a byte of the body is read: is it longer than the file may be?"""
    length = request.META.get("CONTENT_LENGTH") or "0"
    if str(request.content_type).startswith("multipart/") and int(length) > most + ENVELOPE_BYTES:
        raise TooLarge(f"A file may have at most {most} bytes here. Send it smaller, or in parts.")


def image_of(request: Request) -> tuple[UploadedFile, Description]:
    """The picture in a multipart body, and what is said about it; its key is the file's name where none is given."""
    given = NewImage(data=_single(request))
    given.is_valid(raise_exception=True)
    file = given.validated_data["file"]
    name = PurePosixPath(str(file.name).replace("\\", "/")).name
    return file, describe.read_text(given.validated_data.get("metadata", ""), key=name, at="/metadata")


def import_of(request: Request) -> tuple[UploadedFile, str]:
    given = NewImport(data=_single(request))
    given.is_valid(raise_exception=True)
    return given.validated_data["file"], given.validated_data.get("dataset", "")


def items_of(body: object) -> list[Description | Refused]:
    """The items of a list, each read or refused by itself."""
    if not isinstance(body, dict) or not isinstance(body.get("items"), list) or set(body) != {"items"}:
        detail = "must be a list, and the only thing in the body"
        raise Invalid("Send {items: [...]}, or a file as multipart.", errors=[{"pointer": "/items", "detail": detail}])
    if len(body["items"]) > MOST_ITEMS:
        raise TooLarge(f"At most {MOST_ITEMS} items a request. Send several requests, or a CSV as an import.")
    return [_item(item, index) for index, item in enumerate(body["items"])]


def _item(item: object, index: int) -> Description | Refused:
    try:
        return describe.read(item, at=f"/items/{index}")
    except Refused as refused:
        return refused


def _single(request: Request) -> dict[str, Any]:
    """The fields of a form, of which each may come once."""
    for name in request.data:
        if len(request.data.getlist(name)) > 1:
            raise Invalid(
                "Send one file a request.", errors=[{"pointer": f"/{name}", "detail": "comes more than once"}]
            )
    return {name: request.data[name] for name in request.data}
