"""What is filled in or sent to ask for a release and to decide on it, and how releases are shown."""

from typing import Any, cast
from urllib.parse import quote, urlencode

from django import forms
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from projects.deliveries import download
from projects.deliveries.formats import FORMATS
from projects.deliveries.models import Release, ReleaseFile
from projects.strict import StrictSerializer


class DecisionForm(forms.Form):
    verdict = forms.ChoiceField(choices=[("accept", _("Accept")), ("reject", _("Reject"))])
    note = forms.CharField(max_length=10_000, required=False)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("verdict") == "reject" and not given.get("note"):
            self.add_error("note", _("Say what is to be mended, then reject."))
        return given


class NewRelease(StrictSerializer):
    formats = serializers.ListField(
        child=serializers.CharField(max_length=20),
        max_length=50,
        help_text=f"Each once, of: {', '.join(FORMATS)}.",
    )
    name = serializers.CharField(max_length=100, required=False, default="", allow_blank=True)


class Acceptance(StrictSerializer):
    note = serializers.CharField(max_length=10_000, required=False, default="", allow_blank=True)


class Objection(StrictSerializer):
    key = serializers.CharField(max_length=300, trim_whitespace=False)
    reason = serializers.CharField(max_length=2_000)


class Rejection(StrictSerializer):
    note = serializers.CharField(max_length=10_000)
    items = Objection(many=True, required=False, default=list, max_length=10_000)


class FileShown(serializers.ModelSerializer[ReleaseFile]):
    download_url = serializers.SerializerMethodField()

    class Meta:
        model = ReleaseFile
        fields = ["path", "bytes", "sha256", "format", "download_url"]

    @extend_schema_field(OpenApiTypes.URI)
    def get_download_url(self, file: ReleaseFile) -> str:
        request = self.context["request"]
        address = reverse("release-file", args=[file.release_id, file.path])
        signature = download.sign(file.release_id, file.path, person=request.user)
        return cast(
            str, request.build_absolute_uri(f"{address}?{urlencode({'signature': signature}, quote_via=quote)}")
        )


class ReleaseShown(serializers.ModelSerializer[Release]):
    items = serializers.IntegerField(source="item_count", read_only=True)

    class Meta:
        model = Release
        fields = [
            "id",
            "project",
            "schema",
            "version",
            "name",
            "status",
            "formats",
            "items",
            "reason",
            "note",
            "objections",
            "created_at",
            "frozen_at",
            "built_at",
            "published_at",
            "decided_at",
        ]


class ReleaseWithFiles(ReleaseShown):
    files = FileShown(many=True, read_only=True)

    class Meta(ReleaseShown.Meta):
        fields = [*ReleaseShown.Meta.fields, "files"]
