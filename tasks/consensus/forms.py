"""What a consensus looks like in JSON."""

from collections.abc import Sequence
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from projects.strict import StrictSerializer
from tasks.assignment.forms import PointsAsSent, VisibilityAsSent
from tasks.consensus.models import Consensus, Run

Row = Sequence[float] | None


@extend_schema_field(
    serializers.ListField(
        child=serializers.ListField(child=serializers.ListField(child=serializers.FloatField()), allow_null=True)
    )
)
class CovarianceShown(serializers.Field[Any, Any, Any, Any]):
    """[[[xx, xy], [yx, yy]] | null, …] in px squared; null where nobody measured it."""

    def to_representation(self, value: Sequence[Row]) -> list[list[Sequence[float]] | None]:
        return [None if row is None else [row[:2], row[2:]] for row in value]


class MergedShown(serializers.Serializer[Any]):
    """Landmarks with where they come from, and nobody's name."""

    points = PointsAsSent(help_text="[x, y] in px, or null where nobody placed the point; the schema's order")
    covariance = CovarianceShown(allow_null=True, help_text="of each point, px²; null where nobody measured it")
    visibility = VisibilityAsSent()
    answers = serializers.IntegerField(help_text="how many people's answers were merged")
    agreement = serializers.FloatField(allow_null=True, help_text="0 to 1; null where only one answered")
    method = serializers.CharField()
    version = serializers.CharField(help_text="of the method")


class NewRun(StrictSerializer):
    method = serializers.CharField(help_text="median or reliability")
    settings = serializers.JSONField(
        default=dict, help_text="reliability: {parts: [...]} to choose its parts by hand; left out, gold chooses"
    )

    def validate_settings(self, value: Any) -> Any:
        if not isinstance(value, dict):
            raise serializers.ValidationError("must be an object")
        return value


class Adoption(StrictSerializer):
    labels = serializers.BooleanField(
        default=False, help_text="also make new versions of accepted labels that no reviewer corrected"
    )


class RunShown(serializers.ModelSerializer[Run]):
    report = serializers.JSONField(read_only=True, help_text="which parts of the method were on, what each gained")
    outcomes = serializers.JSONField(read_only=True, help_text="of its adoption: how many tasks came to what")

    class Meta:
        model = Run
        fields = [
            "id",
            "project",
            "method",
            "settings",
            "status",
            "reason",
            "tasks",
            "answers",
            "report",
            "outcomes",
            "replaces_labels",
            "created_by",
            "adopted_by",
            "created_at",
            "done_at",
            "adopted_at",
        ]
        read_only_fields = fields


class MovedLandmark(serializers.Serializer[Any]):
    key = serializers.CharField()
    points = serializers.IntegerField()
    beyond_tolerance = serializers.IntegerField()
    mean_px = serializers.FloatField(allow_null=True)
    mean_normalised = serializers.FloatField(allow_null=True)


class DifferenceShown(serializers.Serializer[Any]):
    """Against what was current when the run was done: the label of an accepted task, else its consensus."""

    tasks = serializers.IntegerField(help_text="that had something current to compare with")
    tasks_beyond_tolerance = serializers.IntegerField(help_text="with a point that moved further than its tolerance")
    points = serializers.IntegerField()
    points_beyond_tolerance = serializers.IntegerField()
    points_appeared = serializers.IntegerField()
    points_vanished = serializers.IntegerField()
    px = serializers.DictField(child=serializers.FloatField(), help_text="quantile: px that points moved")
    normalised = serializers.DictField(child=serializers.FloatField(), help_text="as shares of the normaliser's length")
    histogram = serializers.ListField(
        child=serializers.DictField(child=serializers.FloatField(allow_null=True)),
        help_text="{from, to, points}: from and to in shares of the normaliser's length",
    )
    landmarks = MovedLandmark(many=True)


class ChangeShown(serializers.ModelSerializer[Consensus]):
    key = serializers.CharField(source="task.asset.key", help_text="the asset's")
    moved = serializers.FloatField(
        allow_null=True, help_text="the most that a point moved, in tolerances; null: nothing was current"
    )

    class Meta:
        model = Consensus
        fields = ["id", "task", "key", "answers", "agreement", "moved", "outcome"]
