"""How far people are from each other, and what is merged from the experts, as shares of a face or a fish."""

from collections import defaultdict
from collections.abc import Mapping

import numpy as np

from orchestrator.replay.recording import Answer, Points, Recording, as_array
from tasks.consensus.mergers import MERGERS
from tasks.consensus.mergers.answers import Answers

FEW = 5  # answers that a project would pay for
DRAWS = 20
SEED = 27


def between_people(recording: Recording) -> float | None:
    """Mean over assets of the mean over pairs of people."""
    means = []
    for answers in _by_asset(recording.answers).values():
        points = np.array([as_array(answer.points) for answer in answers])
        units = np.array([recording.unit(each) for each in points])
        first, second = np.triu_indices(len(points), k=1)
        if not len(first):
            continue
        apart = np.linalg.norm(points[first] - points[second], axis=-1)
        unit = (units[first] + units[second]) / 2
        means.append(float(np.nanmean(np.nanmean(apart, axis=1) / unit)))
    return _mean(means)


def of_consensus(recording: Recording, merged: Mapping[str, Points]) -> float | None:
    """Merged points against the experts' gold; None where there is no gold."""
    known = merged.keys() & recording.gold.keys()
    return _mean([_error(merged[key], recording.gold[key], recording) for key in sorted(known)])


def of_few(recording: Recording) -> float | None:
    """What the service's own merger makes of a few random people who are no experts, against the gold."""
    merger = MERGERS["median"]()
    chance = np.random.default_rng(SEED)
    errors = []
    for key, answers in sorted(_by_asset(recording.answers).items()):
        laymen = [as_array(answer.points) for answer in answers if answer.person not in recording.experts]
        if key not in recording.gold or len(laymen) < FEW:
            continue
        stack = np.array(laymen)
        for _ in range(DRAWS):
            chosen = chance.choice(len(stack), FEW, replace=False)
            merged = merger.merge(Answers(points=stack[chosen]))
            errors.append(_error(merged.points, recording.gold[key], recording))
    return _mean(errors)


def _error(points: Points, gold: Points, recording: Recording) -> float:
    return float(np.nanmean(np.linalg.norm(points - gold, axis=-1)) / recording.unit(gold))


def _by_asset(answers: list[Answer]) -> dict[str, list[Answer]]:
    grouped: dict[str, list[Answer]] = defaultdict(list)
    for answer in answers:
        grouped[answer.asset].append(answer)
    return grouped


def _mean(values: list[float]) -> float | None:
    return round(float(np.mean(values)), 5) if values else None
