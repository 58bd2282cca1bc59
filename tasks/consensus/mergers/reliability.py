"""The merger that learns how each person errs, and uses only what gold shows to be worth using."""

from dataclasses import replace

import numpy as np

from tasks.consensus.mergers import streaming
from tasks.consensus.mergers.answers import UNUSABLE, Answers, Floats, Merged
from tasks.consensus.mergers.calibration import factors
from tasks.consensus.mergers.choose import Choice, choose
from tasks.consensus.mergers.components import Recipe
from tasks.consensus.mergers.crowd import Crowd, MergedCrowd
from tasks.consensus.mergers.estimate import Estimate, estimate
from tasks.consensus.mergers.geometric_median import GeometricMedian
from tasks.consensus.mergers.people import person_errors
from tasks.consensus.mergers.rows import Rows, as_xy, rows_of
from tasks.consensus.mergers.streaming import Learnt

NO_SAY = 0.05  # An answer with less than this share of the usual say was not usable.


class Reliability:
    """Merges whole crowds by the recipe that does best on their own gold; one image alone by geometric median."""

    method, version = "reliability", "1"

    def __init__(
        self, *, choice: Choice | None = None, stay_with: Recipe | None = None, learnt: Learnt | None = None
    ) -> None:
        self.choice = choice  # None: made anew from the crowd's gold
        self.learnt = learnt  # by streaming.learn(), from the project's answers so far: to merge single images with
        self.stay_with = stay_with  # the recipe of the last time, which a slightly better one does not replace

    def merge(self, answers: Answers) -> Merged:
        """By what was learnt before, if anything; one image alone tells nothing of its people: the geometric median.

        A single answer is taken as it is: a shape prior must not move what nobody has contradicted.
        """
        if self.learnt is not None and len(answers.points) > 1:
            return streaming.merge(self.learnt, answers, method=self.method, version=self.version)
        plain = GeometricMedian().merge(answers)
        return replace(plain, method=self.method, version=self.version)

    def merge_all(self, crowd: Crowd) -> MergedCrowd:
        """Merge every image of the crowd; gold teaches about people, and its images are merged like any other."""
        if not len(crowd.image):
            return replace(GeometricMedian().merge_all(crowd), method=self.method, version=self.version)
        choice = self.choice or choose(crowd, stay_with=self.stay_with)
        rows = rows_of(crowd)
        found = estimate(choice.recipe, crowd, rows)
        group = crowd.group if crowd.group is not None else np.zeros(rows.z.shape[1], np.int64)
        seen = rows.by_image(rows.there.astype(float)) > 0
        covariance = found.covariance.times(factors(choice.trial, group)).full()
        weight, flag = _weights(rows, found)
        return MergedCrowd(
            image=rows.image_key,
            points=np.where(seen[..., None], as_xy(found.x), np.nan),
            points_data_only=np.where(seen[..., None], as_xy(found.data), np.nan),
            covariance=np.where(seen[..., None, None], covariance, np.nan),
            annotator=rows.person_key,
            annotator_error=person_errors(rows, found.x, found.difficulty),
            flag=_unsorted(rows, flag).astype(np.int8),
            weight=_unsorted(rows, weight),
            residual=_unsorted(rows, np.where(rows.there, np.abs(rows.z - found.x[rows.image]), np.nan)),
            method=self.method,
            version=self.version,
            report=choice.report,
        )


def _weights(rows: Rows, found: Estimate) -> tuple[Floats, np.ndarray]:
    """Each answer's share of the say, and the flags with those added that have next to none. (n,), (n,)"""
    say = found.say.sum(axis=1)
    total = rows.by_image(say)[rows.image]
    share = np.where(total > 0, say / np.where(total > 0, total, 1.0), 0.0)
    usual = np.median(say) if len(say) else 0.0
    return share, np.where((found.flag == 0) & (say <= NO_SAY * usual), UNUSABLE, found.flag)


def _unsorted(rows: Rows, values: np.ndarray) -> np.ndarray:
    """From the order of the rows back to that of the crowd."""
    result = np.empty_like(values)
    result[rows.order] = values
    return result
