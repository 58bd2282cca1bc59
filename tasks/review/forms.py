"""What bodies about a review look like."""

from typing import Any

from rest_framework import serializers

from projects.strict import StrictSerializer
from tasks.assignment.forms import LeaseTokenField, PointsAsSent, VisibilityAsSent
from tasks.consensus.forms import MergedShown
from tasks.review.models import Review, Verdict
from tasks.task import Status


class DecideForm(StrictSerializer):
    verdict = serializers.ChoiceField(choices=Verdict.choices)
    points = PointsAsSent(required=False, allow_null=True, help_text="with correct: all points, in the schema's order")
    visibility = VisibilityAsSent(required=False, allow_null=True)
    note = serializers.CharField(max_length=5000, required=False, allow_blank=True, default="")
    lease_token = LeaseTokenField(required=False, help_text="if sent, it must be that of the last lease")


class LetGoForm(StrictSerializer):
    lease_token = LeaseTokenField(required=False)


class ReviewedPicture(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    key = serializers.CharField()
    image_url = serializers.CharField(allow_null=True)
    width = serializers.IntegerField(allow_null=True)
    height = serializers.IntegerField(allow_null=True)


class ReviewLease(serializers.Serializer[Any]):
    token = LeaseTokenField()
    until = serializers.DateTimeField()


class AnswerInDoubt(serializers.Serializer[Any]):
    """One of the answers that left points in doubt, and nobody's name."""

    points = PointsAsSent()
    visibility = VisibilityAsSent()


class ReviewPiece(serializers.Serializer[Any]):
    """A review in hand. Nothing in it tells who answered."""

    review = serializers.UUIDField()
    project = serializers.UUIDField()
    task = serializers.UUIDField()
    schema = serializers.UUIDField()
    asset = ReviewedPicture()
    consensus = MergedShown(allow_null=True, help_text="what stands: merged, or as a layer before corrected it")
    layer = serializers.IntegerField()
    landmarks = serializers.ListField(
        child=serializers.IntegerField(),
        required=False,
        help_text="places in doubt; a correction leaves all others as shown. Left out where all may be corrected",
    )
    answers = AnswerInDoubt(many=True, required=False, help_text="where landmarks are in doubt; in no order")
    lease = ReviewLease(allow_null=True)


class ReviewShown(serializers.ModelSerializer[Review]):
    """A review in a list."""

    asset = serializers.UUIDField(source="task.asset_id")

    class Meta:
        model = Review
        fields = [
            *("id", "project", "task", "asset", "round", "layer", "doubt", "status"),
            *("verdict", "note", "created_at", "decided_at"),
        ]


class Decided(serializers.Serializer[Any]):
    task = serializers.UUIDField(source="pk")
    status = serializers.ChoiceField(choices=Status.choices)
