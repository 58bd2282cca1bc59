"""What bodies of reports look like."""

from typing import Any

from drf_spectacular.utils import inline_serializer
from rest_framework import serializers


class LandmarkAskedAgain(serializers.Serializer[Any]):
    key = serializers.CharField()
    answers = serializers.IntegerField(help_text="given by people who were asked for some landmarks only")


SPENT = {
    "used": serializers.IntegerField(),
    "fixed": serializers.IntegerField(help_text="what max_overlap answers of every landmark would have cost"),
    "saved": serializers.IntegerField(),
}


class OverlapShown(serializers.Serializer[Any]):
    dynamic = serializers.BooleanField()
    target_error = serializers.FloatField()
    overlap = serializers.IntegerField()
    max_overlap = serializers.IntegerField()
    tasks = serializers.IntegerField(help_text="that have all the answers they wanted; only these are counted")
    answers = inline_serializer("AnswersSpent", SPENT)
    points = inline_serializer("PointsSpent", SPENT)
    asked_again = LandmarkAskedAgain(many=True)
    answers_per_task = serializers.DictField(child=serializers.IntegerField(), help_text="answers: tasks")
    adjudicated = serializers.IntegerField(help_text="tasks whose landmarks in doubt went to an expert")
