"""What a consensus looks like in JSON."""

from collections.abc import Sequence
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from tasks.assignment.forms import PointsAsSent, VisibilityAsSent

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
