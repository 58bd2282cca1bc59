"""Django's administration of the work: tables to look into, never to write."""

from django.contrib import admin

from projects.admin import ReadOnly
from tasks.annotation.models import Annotation, Draft
from tasks.assignment.models import Assignment
from tasks.calibration.models import Gold
from tasks.consensus.models import Consensus, CrowdModel, Run
from tasks.review.models import Review
from tasks.task import Task


@admin.register(Task)
class Tasks(ReadOnly):
    list_display = ("id", "project", "asset", "status", "round", "answers", "wanted", "moved_at")
    list_select_related = ("project", "asset")
    list_filter = ("status",)


@admin.register(Assignment)
class Assignments(ReadOnly):
    list_display = ("id", "project", "task", "number", "status", "annotator", "leased_until")
    list_select_related = ("project", "task", "annotator")
    list_filter = ("status",)


@admin.register(Draft)
class Drafts(ReadOnly):
    list_display = ("task", "annotator", "saved_at")
    list_select_related = ("task", "annotator")


@admin.register(Annotation)
class Annotations(ReadOnly):
    list_display = ("id", "project", "task", "annotator", "round", "seconds", "submitted_at")
    list_select_related = ("project", "task", "annotator")


@admin.register(Gold)
class Golds(ReadOnly):
    list_display = ("asset", "version", "made_by", "created_at", "retired_at")
    list_select_related = ("asset", "made_by")


@admin.register(Consensus)
class Consensuses(ReadOnly):
    list_display = ("task", "round", "is_current", "method", "version", "answers", "agreement", "created_at")
    list_select_related = ("task",)


@admin.register(Run)
class Runs(ReadOnly):
    list_display = ("project", "method", "status", "tasks", "created_by", "created_at", "done_at", "adopted_at")
    list_select_related = ("project", "created_by")
    list_filter = ("status",)


@admin.register(CrowdModel)
class CrowdModels(ReadOnly):
    list_display = ("project", "version", "answers", "created_at")
    list_select_related = ("project",)


@admin.register(Review)
class Reviews(ReadOnly):
    list_display = ("task", "project", "layer", "status", "reviewer", "verdict", "doubt", "decided_at")
    list_select_related = ("task", "project", "reviewer")
    list_filter = ("status", "verdict")
