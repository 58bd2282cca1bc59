"""Answers made straight in the tables, as submitting makes them."""

from django.utils import timezone

from tasks.annotation.models import Annotation
from tasks.assignment.models import Assignment
from tasks.task import Task
from tests.make import an_answer


def an_annotation(task, by, *, shift=0.0, **content):
    """The person's answer to the task's present round: her assignment, the annotation and the count."""
    content = {"seconds": 30.0, **an_answer(shift), **content}
    assignment = (
        Assignment.objects.filter(task=task, round=task.round, status="open").order_by("number").first()
    ) or Assignment(project=task.project, task=task, round=task.round)
    assignment.annotator, assignment.status, assignment.leased_at = by, "submitted", timezone.now()
    assignment.save()
    annotation = Annotation.objects.create(
        project=task.project,
        task=task,
        assignment=assignment,
        annotator=by,
        schema=task.project.schema,
        round=task.round,
        leased_at=assignment.leased_at,
        **content,
    )
    task.answers += 1
    Task.objects.filter(pk=task.pk).update(answers=task.answers)
    return annotation
