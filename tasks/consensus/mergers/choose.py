"""Which parts of the merger earn their place: judged on gold kept back, one part at a time."""

from dataclasses import dataclass, field

import numpy as np

from tasks.consensus.mergers.answers import Floats
from tasks.consensus.mergers.components import (
    FRAMELESS,
    FULL,
    MEDIAN,
    PEOPLES_STATES,
    TEMPERS,
    Component,
    Recipe,
)
from tasks.consensus.mergers.crowd import Crowd
from tasks.consensus.mergers.folds import Fold, answers_kept_back, folds_of, usual_count
from tasks.consensus.mergers.trial import Trial, attempt

CAUTION = 0.5  # standard errors that a recipe is marked down by, so that luck on little gold is not taken for merit
CLEAR = 0.2  # With such a gain over the median the model needs no help from states.
OPTIONAL = (Component.BIAS, Component.PEOPLE, Component.PARTS, Component.REPAIR)
SHAPE = 3  # Fewer points have no shape.
STAY = 0.01  # The recipe of yesterday is kept until another is better by this.


@dataclass(frozen=True, eq=False)
class Choice:
    """A recipe, what it reached on held-back gold, and what was tried beside it."""

    recipe: Recipe
    trial: Trial | None  # None where there was no gold to try it on
    report: dict[str, object] = field(default_factory=dict)


class _Contest:
    """Trials on the same folds, each made once."""

    def __init__(self, folds: list[Fold]) -> None:
        self.folds = folds
        self.trials: dict[Recipe, Trial] = {}
        self.base = self._by_image(self.trial(MEDIAN).error)

    def trial(self, recipe: Recipe) -> Trial:
        if recipe not in self.trials:
            self.trials[recipe] = attempt(recipe, self.folds)
        return self.trials[recipe]

    def _by_image(self, error: Floats) -> Floats:
        source = self.trials[MEDIAN].source
        return np.array([error[source == key].mean() for key in np.unique(source)])

    def gain(self, recipe: Recipe) -> tuple[float, float]:
        """How much of the median's error the recipe saves, and the standard error of that, over gold images."""
        saved = self.base - self._by_image(self.trial(recipe).error)
        scale = max(float(self.base.mean()), 1e-12)
        return float(saved.mean()) / scale, float(saved.std(ddof=1)) / np.sqrt(len(saved)) / scale

    def worth(self, recipe: Recipe) -> float:
        mean, error = self.gain(recipe)
        return mean - CAUTION * error

    def worth_of_part(self, recipe: Recipe, part: Component) -> float:
        """What the part adds, in shares of the median's error, marked down."""
        saved = self._by_image(self.trial(recipe.without(part)).error) - self._by_image(self.trial(recipe).error)
        marked_down = saved.mean() - CAUTION * saved.std(ddof=1) / np.sqrt(len(saved))
        return float(marked_down) / max(float(self.base.mean()), 1e-12)


def choose(crowd: Crowd, *, stay_with: Recipe | None = None) -> Choice:
    """The recipe to merge this crowd with: by its gold, without gold by answers kept back, else the full model."""
    if crowd.points.shape[1] < SHAPE:
        return Choice(MEDIAN, None, {"chosen by": "too few points to have a shape", "parts": _names(MEDIAN)})
    answers = usual_count(crowd)
    folds = folds_of(crowd, answers=answers)
    if not folds:
        return _by_answers(crowd, stay_with)
    if np.median(np.concatenate([fold.answers for fold in folds])) < min(2, answers):
        return Choice(FULL, None, {"chosen by": "default: too few people on each gold image", "parts": _names(FULL)})
    contest = _Contest(folds)
    best, gains = _best(contest, crowd)
    best = _settle(contest, best, stay_with)
    judged_by = f"{len(contest.base)} gold images kept back"
    return Choice(best, contest.trial(best), _report(contest, best, gains, judged_by))


def _by_answers(crowd: Crowd, stay_with: Recipe | None) -> Choice:
    """Which recipe best foretells an answer that it was not shown. Nothing to calibrate by, though."""
    folds = answers_kept_back(crowd)
    if not folds:
        return Choice(FULL, None, {"chosen by": "default: too little overlap to judge by", "parts": _names(FULL)})
    contest = _Contest(folds)
    best = max((FULL, FULL.without(Component.PRIOR), FRAMELESS, FRAMELESS.without(Component.BIAS)), key=contest.worth)
    best = _settle(contest, best, stay_with)
    return Choice(best, None, _report(contest, best, {}, f"{len(contest.base)} answers kept back"))


def _best(contest: _Contest, crowd: Crowd) -> tuple[Recipe, dict[str, float]]:
    """The best recipe found, and what each part that could be left out was worth."""
    best = max((FULL, FULL.without(Component.PRIOR)), key=contest.worth)
    if contest.gain(best)[0] < CLEAR:
        best = max(best, FRAMELESS, key=contest.worth)
    parts = [p for p in OPTIONAL if p in best.parts and not (p is Component.PARTS and crowd.group is None)]
    gains = {part: contest.worth_of_part(best, part) for part in parts}
    fallen = {part for part in parts if gains[part] < 0}
    for lighter in (Recipe(best.parts - fallen), *(best.without(part) for part in fallen)):
        best = max(best, lighter, key=contest.worth)
    if contest.gain(best)[0] < CLEAR:
        for temper in TEMPERS:
            for with_states in (PEOPLES_STATES.parts, best.parts | PEOPLES_STATES.parts):
                best = max(best, Recipe(with_states, temper), key=contest.worth)
    return best, {str(part): gain for part, gain in gains.items()}


def _settle(contest: _Contest, best: Recipe, stay_with: Recipe | None) -> Recipe:
    best = max(MEDIAN, best, key=contest.worth)
    if stay_with is not None and contest.worth(best) - contest.worth(stay_with) < STAY:
        return stay_with
    return best


def _report(contest: _Contest, best: Recipe, gains: dict[str, float], judged_by: str) -> dict[str, object]:
    mean, error = contest.gain(best)
    tried = [{"parts": _names(r), "temper": r.temper, "gain": round(contest.gain(r)[0], 4)} for r in contest.trials]
    return {
        "chosen by": judged_by,
        "parts": _names(best),
        "temper": best.temper,
        "gain over the geometric median": round(mean, 4),
        "standard error": round(error, 4),
        "gain of each part": {part: round(gain, 4) for part, gain in gains.items()},
        "tried": tried,
    }


def _names(recipe: Recipe) -> list[str]:
    return sorted(recipe.parts) or ["geometric median"]
