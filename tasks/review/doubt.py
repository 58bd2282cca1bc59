"""Which landmarks of a consensus are not yet sure enough for the project."""

import numpy as np

from projects.landmarks.schema import LandmarkSchema
from projects.landmarks.shape import as_shape, normaliser_length
from tasks.consensus.models import Consensus
from tasks.task import Task

MEAN_ERROR = 0.886  # mean length of a planar normal error / root of its covariance's trace: sqrt(pi) / 2


def in_doubt(task: Task) -> list[int]:
    """Places whose expected error in the present consensus, per normaliser length, is above the policy's target.

    None where overlap is fixed. What nobody placed is not in doubt, and without a normaliser nothing can be judged.
    """
    rules = task.project.rules
    if not rules.dynamic:
        return []
    consensus = Consensus.objects.filter(task=task, round=task.round, is_current=True).first()
    if consensus is None:
        return []
    schema = LandmarkSchema.from_dict(task.project.schema.definition())
    length = float(normaliser_length(as_shape(consensus.points), schema))
    trace = np.array([np.nan if row is None else row[0] + row[3] for row in consensus.covariance], dtype=float)
    with np.errstate(invalid="ignore"):
        return [int(place) for place in np.flatnonzero(MEAN_ERROR * np.sqrt(trace) / length > rules.target_error)]
