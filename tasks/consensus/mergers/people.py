"""How far each person's answers usually lie from where the points are thought, or known, to be."""

import numpy as np

from tasks.consensus.mergers.answers import Floats
from tasks.consensus.mergers.rows import Complex, Rows, squared

DISASTER = 0.13  # radii: one answer that is further off must not outweigh a hundred careful ones
SHRINK = 1.0  # answers' worth of the crowd's average


def person_errors(rows: Rows, x: Complex, difficulty: Floats) -> Floats:
    """Mean distance in radii of the answers as they came, with hard images counting for less; NaN = no points. (J,)"""
    target = np.where(np.isnan(rows.gold.real), x, rows.gold)
    seen = rows.by_image(rows.there.astype(float)) > 0
    number = np.maximum(seen.sum(axis=1), 1)
    centre = np.where(seen, target, 0).sum(axis=1) / number
    radius = np.sqrt((seen * squared(target - centre[:, None])).sum(axis=1) / number)
    radius = np.where(radius > 0, radius, 1.0)
    placed = rows.there.sum(axis=1)
    distance = np.where(rows.there, np.abs(rows.z - target[rows.image]), 0).sum(axis=1) / np.maximum(placed, 1)
    each = np.minimum(distance / radius[rows.image] / np.sqrt(difficulty[rows.image]), DISASTER)
    judged = placed > 0
    if not judged.any():
        return np.full(rows.people, np.nan)
    total = rows.by_person(np.where(judged, each, 0.0))
    times = rows.by_person(judged.astype(float))
    usual = each[judged].mean()
    return np.asarray(np.where(times > 0, (total + SHRINK * usual) / (times + SHRINK), np.nan))
