"""Table of contents: every table of this app. Django looks here; nobody imports it."""

from tasks.annotation.models import Annotation, Draft
from tasks.assignment.models import Assignment
from tasks.calibration.models import Gold
from tasks.consensus.models import Consensus, CrowdModel, Run
from tasks.review.models import Review
from tasks.task import Task

__all__ = ["Annotation", "Assignment", "Consensus", "CrowdModel", "Draft", "Gold", "Review", "Run", "Task"]
