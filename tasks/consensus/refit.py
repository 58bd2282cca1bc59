"""Learning anew, each night, how a project's people err and what shapes there are."""

import hashlib
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import numpy as np
from django.db import connection, transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.db.models.functions import Now

from projects.audit.trail import record
from projects.background import enqueue
from projects.landmarks.schema import LandmarkSchema
from projects.project import Project, ProjectStatus
from tasks.consensus.gather import Given, Known, chunks, crowd_of, gold_of
from tasks.consensus.lessons import pack
from tasks.consensus.mergers.choose import choose
from tasks.consensus.mergers.components import Component, Recipe
from tasks.consensus.mergers.reliability import Reliability
from tasks.consensus.mergers.streaming import learn
from tasks.consensus.models import CrowdModel

NIGHT = timedelta(hours=20)  # a project is not learnt anew before


def refit_all() -> None:
    """Ask for every project that merges by what its crowd teaches, and has not been learnt from since yesterday."""
    for pk in _due().values_list("pk", flat=True).iterator():
        with transaction.atomic():
            enqueue("tasks.refit_crowd", pk)


def _due() -> QuerySet[Project]:
    lately = CrowdModel.objects.filter(project=OuterRef("pk"), created_at__gt=Now() - NIGHT)
    active = Project.objects.filter(status=ProjectStatus.ACTIVE, policy__merger=Reliability.method)
    return active.filter(~Exists(lately))


def refit(project_id: UUID | str) -> CrowdModel | None:
    """The next version of what the crowd teaches; the former one where nothing came since; None without answers.

    Of two at once the second waits for the first, and then finds nothing new.
    """
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"refit {project_id}"])
        project = Project.objects.select_related("schema").get(pk=project_id)
        given, gold = next(chunks(project), []), gold_of(project)
        last = CrowdModel.objects.filter(project=project).order_by("-version").defer("learnt").first()
        learnt_from = _mark(project, given, gold)
        if not given or (last and last.learnt_from == learnt_from):
            return last
        model = CrowdModel(project=project, version=last.version + 1 if last else 1, learnt_from=learnt_from)
        model.answers = sum(len(each.annotations) for each in given)
        model.learnt, model.report = _learn(project, given, gold, _recipe(last))
        model.save(force_insert=True)
        record("crowd.learnt", model, by=None, version=model.version, answers=model.answers)
        return model


def _learn(
    project: Project, given: list[Given], gold: list[Known], stay_with: Recipe | None
) -> tuple[bytes | None, dict[str, Any]]:
    crowd, people = crowd_of(LandmarkSchema.from_dict(project.schema.definition()), given, gold)
    choice = choose(crowd, stay_with=stay_with)
    learnt = learn(crowd, choice) if len(np.unique(crowd.image)) > 1 else None
    recipe = {"recipe": {"parts": sorted(choice.recipe.parts), "temper": choice.recipe.temper}}
    if learnt is None:
        return None, choice.report | recipe
    return pack(replace(learnt, people=tuple(people[int(key)] for key in learnt.people))), choice.report | recipe


def _recipe(last: CrowdModel | None) -> Recipe | None:
    """The recipe of the last time, which a slightly better one does not replace."""
    known = last.report.get("recipe") if last else None
    if known is None or not set(known["parts"]) <= set(Component):
        return None
    return Recipe(frozenset(Component(part) for part in known["parts"]), known["temper"])


def _mark(project: Project, given: list[Given], gold: list[Known]) -> str:
    """What was learnt from: the same answers, gold and method teach the same."""
    digest = hashlib.sha256(f"{Reliability.version} {project.schema_id}".encode())
    for each in given:
        digest.update(b"".join(pk.bytes for pk in each.annotations))
    for known in gold:
        digest.update(known.given.task.bytes + known.truth.tobytes())
    return digest.hexdigest()
