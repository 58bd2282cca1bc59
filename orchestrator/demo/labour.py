"""The crew and the reviewer at work, at the same time, each over her own connection."""

import threading
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

import numpy as np

from orchestrator.demo.world import World
from orchestrator.outside.client import Client, Row
from orchestrator.outside.crowd import CREW, Annotator, Reviewer
from orchestrator.outside.faces.draw import Portrait
from orchestrator.outside.waiting import Motion

REVIEWS_LEFT = 3  # for whoever wants to try
DRAFT_EVERY = 5
STILL_SECONDS = 120.0  # leases of a killed run must have lapsed before that
PAUSE_SECONDS = 0.8
EDGE = 0.5  # px from the outermost pixel's centre to the picture's edge
UNFINISHED = ("open", "merging", "adjudication")

Tasks = dict[str, int]


def all_done(tasks: Tasks) -> bool:
    unfinished = sum(tasks.get(status, 0) for status in UNFINISHED)
    return sum(tasks.values()) > 0 and not unfinished and tasks.get("in_review", 0) <= REVIEWS_LEFT


@dataclass(frozen=True, kw_only=True)
class Shift:
    """One run of work on a world; the people are threads that end with it."""

    world: World
    portraits: dict[str, Portrait]
    motion: Motion = field(default_factory=lambda: Motion(still_seconds=STILL_SECONDS))
    over: threading.Event = field(default_factory=threading.Event)

    def work(self, *, told: Callable[[Tasks], None]) -> None:
        """Until everything planned is accepted, but for a few reviews; `told` hears the tasks by status."""
        crew = {person.name: person for person in CREW}
        with ThreadPoolExecutor(len(crew) + 1) as threads:
            jobs = [
                threads.submit(self._annotate, client, crew[name]) for name, client in self.world.annotators().items()
            ]
            jobs.append(threads.submit(self._review, self.world.reviewer, Reviewer(name="rita")))
            try:
                while not all_done(seen := self._look()) and not any(job.done() for job in jobs):
                    told(seen)
                    self.motion.pause(f"the crew (tasks: {seen})")
                told(seen)
            finally:
                self.over.set()
            for job in jobs:
                job.result()

    def _look(self) -> Tasks:
        return dict(self.world.manager.progress(self.world.project)["tasks"])

    def _annotate(self, client: Client, person: Annotator) -> None:
        done = 0
        while not self.over.is_set():
            piece = client.pull(self.world.project)
            if piece is None:
                self.over.wait(PAUSE_SECONDS)
                continue
            portrait = self.portraits.get(piece["asset"]["key"])
            if portrait is None:
                client.skip(piece, "Not one of the demo's own faces.")
                continue
            client.image(piece)
            answer = person.answer(portrait.points, portrait.visibility, key=portrait.name)
            points = on_picture(answer.points, portrait)
            done += 1
            if done % DRAFT_EVERY == 0:
                client.save_draft(piece, points, answer.visibility)
            client.submit(piece, points, answer.visibility, seconds=answer.seconds)
            self.motion.happened()

    def _review(self, client: Client, person: Reviewer) -> None:
        looks: Counter[str] = Counter()
        while not self.over.is_set():
            review = client.pull_review(self.world.project) if self._is_wanted(client) else None
            portrait = self.portraits.get(review["asset"]["key"]) if review else None
            if review is None or portrait is None:
                self.over.wait(PAUSE_SECONDS)
                continue
            looks[review["task"]] += 1
            client.decide(review["review"], **self._verdict(person, portrait, review, looks[review["task"]]))
            self.motion.happened()

    def _is_wanted(self, client: Client) -> bool:
        waiting = Counter(task["status"] for task in client.tasks(self.world.project, status="in_review"))
        parked = next(client.tasks(self.world.project, status="adjudication"), None)
        return waiting["in_review"] > REVIEWS_LEFT or parked is not None

    def _verdict(self, person: Reviewer, portrait: Portrait, review: Row, look: int) -> Row:
        shown = review["consensus"]
        merged = shown["points"] if shown else [None] * len(portrait.points)
        seen = person.look(portrait.points, portrait.visibility, merged, key=portrait.name, may_redo=look == 1)
        if seen.points is None:
            return {"verdict": seen.verdict, "note": seen.note}
        points = on_picture(seen.points, portrait)
        return {"verdict": seen.verdict, "note": seen.note, "points": points, "visibility": seen.visibility}


def on_picture(points: list[list[float]], portrait: Portrait) -> list[list[float]]:
    """A hand that slips still stays on the picture."""
    edge = np.array([portrait.width, portrait.height]) - EDGE
    return [[x, y] for x, y in np.clip(np.array(points), -EDGE, edge).tolist()]
