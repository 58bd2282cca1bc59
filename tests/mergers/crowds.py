"""Simulated faces and people for the mergers' tests; nothing here is random from run to run."""

import numpy as np

from tasks.consensus.mergers.crowd import Contour, Crowd

MIRROR = np.array([6, 5, 4, 3, 2, 1, 0, 9, 8, 7, 12, 11, 10, 13, 15, 14, 16])
GROUP = np.array([0] * 7 + [1] * 3 + [2] * 3 + [3] * 1 + [4] * 3)
JAW = Contour(tuple(range(7)), closed=False)


def face() -> np.ndarray:
    """A little face of 17 points, 100 px between its eyes: jaw, brow tips, eyes, nose, mouth."""
    angle = np.linspace(np.pi, 0, 7)
    jaw = np.stack([110 * np.cos(angle), 140 * np.sin(angle)], -1)
    rest = [
        (-55, -40),
        (0, -45),
        (55, -40),
        (-50, 0),
        (0, 5),
        (50, 0),
        (0, 45),
        (-30, 80),
        (30, 80),
        (0, 92),
    ]
    return np.vstack([jaw, np.array(rest, float)])


def people(images=60, per_image=3, annotators=8, gold=12, careless=0, seed=5) -> tuple[Crowd, np.ndarray]:
    """A crowd and the truth of its images; the careless people are the first ones. Noise about 4 px."""
    rng = np.random.default_rng(seed)
    base = face()
    bend = rng.normal(0, 1, (3, *base.shape)) * 4
    truth = base + np.einsum("ni,ilk->nlk", rng.normal(0, 1, (images + gold, 3)), bend)
    turn = rng.normal(0, 0.15, images + gold)
    matrix = np.stack([np.cos(turn), -np.sin(turn), np.sin(turn), np.cos(turn)], -1).reshape(-1, 2, 2)
    truth = np.einsum("nij,nlj->nli", matrix * rng.uniform(0.8, 1.3, (images + gold, 1, 1)), truth) + 300
    sd = np.exp(rng.normal(0, 0.3, annotators))
    bias = rng.normal(0, 1.5, (annotators, len(base), 2))
    rows = [(i, a) for i in range(images + gold) for a in rng.permutation(annotators)[:per_image]]
    image, annotator = np.array(rows).T
    noise = rng.standard_t(4, (len(rows), *base.shape)) * 3 * sd[annotator, None, None]
    points = truth[image] + bias[annotator] + noise
    spoiled = annotator < careless
    points[spoiled] += rng.normal(0, 25, points[spoiled].shape)
    known = np.arange(images, images + gold)
    return (
        Crowd(
            image=image,
            annotator=annotator,
            points=points,
            gold_image=known,
            gold_points=truth[known],
            mirror=MIRROR,
            group=GROUP,
            contours=(JAW,),
        ),
        truth,
    )
