"""A project's answers and gold as the mergers take them, read in batches."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from uuid import UUID

import numpy as np
from django.db.models import F

from projects.landmarks.schema import LandmarkSchema
from projects.landmarks.shape import Floats, as_shape
from projects.project import Project
from tasks.annotation.models import Annotation
from tasks.annotation.votes import Vote
from tasks.calibration.models import Gold
from tasks.consensus.mergers.answers import NOT_LABELLED
from tasks.consensus.mergers.crowd import Contour, Crowd
from tasks.task import Status, Task

BATCH = 200  # tasks read at a time
MOST_POINTS = 2_000_000  # answers x landmarks that are merged together: what bounds the memory


@dataclass(frozen=True, eq=False)
class Given:
    """All answers to one task in its present round, in the order of their ids."""

    task: UUID
    round: int
    annotations: tuple[UUID, ...]
    annotators: tuple[str, ...]
    points: Floats  # (K, L, 2)
    visibility: np.ndarray  # (K, L)
    votes: tuple[Vote, ...]  # on what is seen of each point, with who was asked for it

    @property
    def size(self) -> int:
        return self.points.shape[0] * self.points.shape[1]


@dataclass(frozen=True, eq=False)
class Known:
    """Answers to a task whose truth is known."""

    given: Given
    truth: Floats  # (L, 2)


def given_of(project: Project) -> Iterator[Given]:
    """Every task that has answers, in the order of their ids."""
    tasks = Task.objects.filter(project=project, answers__gt=0).exclude(status=Status.WITHDRAWN)
    last = UUID(int=0)
    while ids := list(tasks.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:BATCH]):
        yield from _read(project, ids)
        last = ids[-1]


def chunks(project: Project) -> Iterator[list[Given]]:
    """Tasks by as many as may be merged together; always the same ones while no answer comes."""
    chunk: list[Given] = []
    size = 0
    for given in given_of(project):
        if chunk and size + given.size > MOST_POINTS:
            yield chunk
            chunk, size = [], 0
        chunk.append(given)
        size += given.size
    if chunk:
        yield chunk


def gold_of(project: Project) -> list[Known]:
    """What the project's gold in force tells of its people; at most half of what may be merged together."""
    rows = Gold.objects.filter(project=project, retired_at=None, asset__task__answers__gt=0).order_by("asset__task")
    truths = {task: as_shape(points) for task, points in rows.values_list("asset__task", "points")}
    found: list[Known] = []
    size = 0
    for given in _read(project, list(truths)):
        size += given.size
        if size > MOST_POINTS // 2:
            break
        found.append(Known(given, truths[given.task]))
    return found


def crowd_of(schema: LandmarkSchema, given: Iterable[Given], gold: Iterable[Known]) -> tuple[Crowd, list[str]]:
    """One crowd of these answers and those to gold, and its people; images are numbered as they come, gold last."""
    gold = list(gold)
    rows = order_of(given, gold)
    people = sorted({name for each in rows for name in each.annotators})
    number = {name: place for place, name in enumerate(people)}
    count = [len(each.annotations) for each in rows]
    landmarks = len(schema.points)
    groups = [list(schema.regions).index(point.region) for point in schema.points]
    crowd = Crowd(
        image=np.repeat(np.arange(len(rows)), count),
        annotator=np.array([number[name] for each in rows for name in each.annotators], np.int64),
        points=np.concatenate([each.points for each in rows]) if rows else np.zeros((0, landmarks, 2)),
        gold_image=np.arange(len(rows) - len(gold), len(rows)),
        gold_points=np.stack([each.truth for each in gold]) if gold else None,
        mirror=_mirror(schema),
        group=np.array(groups, np.int64) if len(schema.regions) > 1 else None,
        contours=tuple(Contour(schema.positions(each.points), each.closed) for each in schema.contours),
    )
    return crowd, people


def order_of(given: Iterable[Given], gold: Iterable[Known]) -> list[Given]:
    """The tasks in the order in which `crowd_of` numbers them."""
    gold = list(gold)
    known = {each.given.task for each in gold}
    return [*(each for each in given if each.task not in known), *(each.given for each in gold)]


def _read(project: Project, tasks: list[UUID]) -> Iterator[Given]:
    """Answers by an older schema are left out: their points are others."""
    rows = (
        Annotation.objects.filter(task__in=tasks, round=F("task__round"), schema=project.schema_id)
        .order_by("task", "pk")
        .values_list("task", "round", "pk", "annotator", "points", "visibility", "assignment__landmarks")
        .iterator(chunk_size=2000)
    )
    for task, each in groupby(rows, key=lambda row: row[0]):
        _, rounds, ids, people, points, visibility, landmarks = zip(*each, strict=True)
        shapes, codes = np.stack([as_shape(shape) for shape in points]), np.array(visibility, dtype=np.int8)
        shapes[codes == NOT_LABELLED] = np.nan
        votes = tuple(Vote(*vote) for vote in zip(landmarks, visibility, strict=True))
        yield Given(task, rounds[0], ids, tuple(str(person) for person in people), shapes, codes, votes)


def _mirror(schema: LandmarkSchema) -> np.ndarray | None:
    if not schema.mirror:
        return None
    mirror = np.arange(len(schema.points))
    for a, b in schema.mirror:
        mirror[schema.index[a]], mirror[schema.index[b]] = schema.index[b], schema.index[a]
    return mirror
