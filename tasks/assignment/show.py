"""What a piece of work in hand looks like, and an assignment in a list."""

from typing import Any
from uuid import UUID

from django.urls import reverse
from drf_spectacular.utils import extend_schema_field, inline_serializer
from rest_framework import serializers
from rest_framework.request import Request

from projects.datasets import storage
from projects.datasets.models import Asset
from tasks.assignment.forms import LeaseTokenField, PointsAsSent, VisibilityAsSent
from tasks.assignment.models import Assignment, AssignmentStatus


class LeaseShown(serializers.Serializer[Any]):
    token = LeaseTokenField()
    until = serializers.DateTimeField()


class PictureShown(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    key = serializers.CharField()
    image_url = serializers.CharField(allow_null=True)
    width = serializers.IntegerField(allow_null=True)
    height = serializers.IntegerField(allow_null=True)


class DraftOfPiece(serializers.Serializer[Any]):
    points = PointsAsSent()
    visibility = VisibilityAsSent()


class LockedPoints(serializers.Serializer[Any]):
    points = PointsAsSent(help_text="the present consensus; null at the landmarks that are asked")
    visibility = VisibilityAsSent()


class PieceShown(serializers.Serializer[Any]):
    """A piece of work in hand, and nothing that tells how it will be checked or who answered what.

    Where only some landmarks are asked, the others stand as they are: the answer has null and visibility 0 there.
    """

    assignment = serializers.UUIDField()
    task = serializers.UUIDField()
    asset = PictureShown()
    schema = serializers.UUIDField()
    lease = LeaseShown()
    draft = DraftOfPiece(allow_null=True)
    landmarks = serializers.ListField(
        child=serializers.IntegerField(), required=False, help_text="places in the schema; left out where all are asked"
    )
    locked = LockedPoints(required=False, help_text="what stands for the landmarks that are not asked")


class AssignmentShown(serializers.Serializer[Any]):
    """One of her own assignments in a list."""

    assignment = serializers.UUIDField(source="pk")
    project = serializers.UUIDField(source="project_id")
    task = serializers.UUIDField(source="task_id")
    asset = inline_serializer(
        "AssetOfAssignment", {"id": serializers.UUIDField(), "key": serializers.CharField()}, source="task.asset"
    )
    status = serializers.ChoiceField(choices=AssignmentStatus.choices)
    lease = serializers.SerializerMethodField()

    @extend_schema_field(LeaseShown(allow_null=True))
    def get_lease(self, assignment: Assignment) -> Any:
        return lease_of(assignment) if assignment.status == AssignmentStatus.LEASED else None


def lease_of(assignment: Assignment) -> Any:
    return LeaseShown({"token": assignment.lease_token, "until": assignment.leased_until}).data


def piece_of(assignment: Assignment, request: Request, *, schema: UUID) -> dict[str, Any]:
    asset = Asset.objects.get(task=assignment.task_id)
    draft = request.user.drafts.filter(task=assignment.task_id).first()
    address = storage.image_url(
        asset,
        request,
        path=reverse("assignment-image", args=[assignment.pk]),
        person=request.user.pk,
        lease=assignment.lease_token,
    )
    return {
        "assignment": str(assignment.pk),
        "task": str(assignment.task_id),
        "asset": {
            "id": str(asset.pk),
            "key": asset.key,
            "image_url": address,
            "width": asset.width,
            "height": asset.height,
        },
        "schema": str(schema),
        "lease": lease_of(assignment),
        "draft": draft and {"points": draft.points, "visibility": draft.visibility},
        **(
            {} if assignment.landmarks is None else {"landmarks": assignment.landmarks, "locked": locked_in(assignment)}
        ),
    }


def locked_in(assignment: Assignment) -> dict[str, Any]:
    """What is shown and cannot be moved."""
    consensus = assignment.task.consensuses.filter(round=assignment.round, is_current=True).first()
    if consensus is None:  # the answers so far have been set aside: nothing stands
        count = len(assignment.project.schema.points)
        return {"points": [None] * count, "visibility": [0] * count}
    asked = set(assignment.landmarks)
    return {
        "points": [None if place in asked else point for place, point in enumerate(consensus.points)],
        "visibility": [0 if place in asked else seen for place, seen in enumerate(consensus.visibility)],
    }
