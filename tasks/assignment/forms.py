"""What bodies about an assignment look like."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request

from projects.errors import Invalid, TooLarge
from projects.strict import StrictSerializer

LARGEST_BODY = 256 * 1024  # bytes
LARGEST_TOKEN = 2**63 - 1


@extend_schema_field({"oneOf": [{"type": "string", "pattern": "^[0-9]+$"}, {"type": "integer"}]})
class LeaseTokenField(serializers.Field[Any, Any, Any, Any]):
    """A fencing token: given out as a string, taken as a string or a whole number."""

    default_error_messages = {"invalid": "must be the token of the lease, as pull gave it"}

    def to_internal_value(self, data: Any) -> int:
        if isinstance(data, str) and data.isascii() and data.isdecimal() and len(data) <= 19:
            data = int(data)
        if type(data) is not int or not 0 <= data <= LARGEST_TOKEN:
            self.fail("invalid")
        return int(data)

    def to_representation(self, value: Any) -> str:
        return str(value)


class Malformed(Invalid):
    code = "malformed"


class AsSent(serializers.Field[Any, Any, Any, Any]):
    """Untouched, in and out: `annotation.check` knows what it must be, and how to name every mistake at once."""

    def to_internal_value(self, data: Any) -> Any:
        return data

    def to_representation(self, value: Any) -> Any:
        return value


@extend_schema_field({"type": "array", "items": {"type": ["array", "null"], "items": {"type": "number"}}})
class PointsAsSent(AsSent):
    """[[x, y] | null, …]"""


@extend_schema_field({"type": "array", "items": {"type": "integer", "enum": [0, 1, 2]}})
class VisibilityAsSent(AsSent):
    """[0 | 1 | 2, …]"""


@extend_schema_field({"type": "object", "additionalProperties": {}})
class AttributesAsSent(AsSent):
    """{…}"""


@extend_schema_field({"type": "number", "minimum": 0, "maximum": 86400})
class SecondsAsSent(AsSent):
    """of work"""


class HeldForm(StrictSerializer):
    lease_token = LeaseTokenField()


class SkipForm(HeldForm):
    reason = serializers.CharField(max_length=500)


class PlanForm(StrictSerializer):
    assets = serializers.ListField(child=serializers.CharField(max_length=300), max_length=100_000, required=False)
    overlap = serializers.IntegerField(required=False)


class WithdrawForm(StrictSerializer):
    reason = serializers.CharField(max_length=500)


class ReopenForm(StrictSerializer):
    reason = serializers.CharField(max_length=500, required=False, default="")


def small_body(request: Request) -> Any:
    """The body, unless it is larger than any answer can be."""
    if int(request.headers.get("Content-Length") or 0) > LARGEST_BODY:
        raise TooLarge(f"The body may have at most {LARGEST_BODY} bytes.")
    try:
        return request.data
    except RecursionError:
        raise Malformed("The body is nested too deeply to be read.") from None
