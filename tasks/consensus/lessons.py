"""What a project's crowd has taught, as bytes in the database and back."""

import io
import json
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from uuid import UUID

import numpy as np
from django.db.models import Q

from projects.project import Project
from tasks.consensus.mergers.crowd import Contour
from tasks.consensus.mergers.errors_model import Habits
from tasks.consensus.mergers.matrices import Matrix
from tasks.consensus.mergers.shape_prior import ShapePrior
from tasks.consensus.mergers.streaming import Learnt
from tasks.consensus.models import CrowdModel

FORMAT = 1


@dataclass(frozen=True, eq=False)
class Lesson:
    """A version of what was learnt."""

    version: int
    learnt: Learnt


def lesson_of(project: Project) -> Lesson | None:
    """The latest; None where nothing was learnt yet, or the plain merger did better."""
    latest = CrowdModel.objects.filter(project=project).order_by("-version")
    found = latest.annotate(plain=Q(learnt=None)).values_list("pk", "version", "plain").first()
    if found is None or found[2]:
        return None
    return Lesson(found[1], _read(found[0]))


@lru_cache(maxsize=8)
def _read(model_id: UUID) -> Learnt:
    """Rows never change, so a worker reads each once."""
    return unpack(bytes(CrowdModel.objects.values_list("learnt", flat=True).get(pk=model_id)))


def pack(learnt: Learnt) -> bytes:
    """Arrays and JSON: nothing that could run when it is read."""
    habits, prior = learnt.habits, learnt.prior
    arrays: dict[str, Any] = {
        "scale": habits.scale,
        "bias": habits.bias,
        "doubt": habits.doubt,
        "sigma": habits.sigma.full(),
        "group": habits.group,
        "steady": learnt.steady,
        "factor": learnt.factor,
    }
    about = {
        "format": FORMAT,
        "wander": habits.wander,
        "hardness": habits.hardness,
        "usual_misfit": learnt.usual_misfit,
        "people": learnt.people,
        "repairs": learnt.repairs,
        "contours": [[contour.points, contour.closed] for contour in learnt.contours],
    }
    if learnt.mean is not None:
        arrays["mean"] = learnt.mean
    if learnt.mirror is not None:
        arrays["mirror"] = learnt.mirror
    if prior is not None:
        arrays |= {"prior_mean": prior.mean, "prior_factors": prior.factors, "prior_rest": prior.rest.full()}
    stream = io.BytesIO()
    np.savez_compressed(stream, about=np.array(json.dumps(about)), **arrays)
    return stream.getvalue()


def unpack(packed: bytes) -> Learnt:
    """The inverse of `pack`."""
    with np.load(io.BytesIO(packed), allow_pickle=False) as file:
        given = dict(file)
    about = json.loads(str(given["about"]))
    prior = None
    if "prior_mean" in given:
        prior = ShapePrior(given["prior_mean"], given["prior_factors"], _matrix(given["prior_rest"]))
    return Learnt(
        habits=Habits(
            scale=given["scale"],
            bias=given["bias"],
            doubt=given["doubt"],
            wander=about["wander"],
            sigma=_matrix(given["sigma"]),
            group=given["group"],
            hardness=about["hardness"],
        ),
        people=tuple(about["people"]),
        mean=given.get("mean"),
        steady=given["steady"],
        prior=prior,
        factor=given["factor"],
        usual_misfit=about["usual_misfit"],
        mirror=given.get("mirror"),
        contours=tuple(Contour(tuple(points), closed) for points, closed in about["contours"]),
        repairs=about["repairs"],
    )


def _matrix(full: np.ndarray) -> Matrix:
    return Matrix(*(np.ascontiguousarray(full[..., a, b]) for a, b in ((0, 0), (0, 1), (1, 1))))
