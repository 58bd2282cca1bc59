"""The recorded people at work, at the same time: each pulls, and submits what she said then."""

import threading
from collections.abc import Callable
from concurrent.futures import FIRST_EXCEPTION, ThreadPoolExecutor, wait

from orchestrator.outside.client import Client
from orchestrator.outside.waiting import Motion, Stuck
from orchestrator.replay.recording import Answer, Recording
from orchestrator.replay.stage import Stage

AT_ONCE = 8  # people; the wait for somebody's skip to come back is short, so one after the other is safe
NOT_MINE = "This person did not do this one when it was recorded."


def work(stage: Stage, recording: Recording, *, told: Callable[[int], None] = lambda done: None) -> None:
    """Until every recorded answer is submitted; `told` hears how many are."""
    motion = Motion()
    stop = threading.Event()
    lock = threading.Lock()
    done = 0

    def submitted() -> None:
        nonlocal done
        motion.happened()
        with lock:
            done += 1
            told(done)

    with ThreadPoolExecutor(AT_ONCE) as threads:
        jobs = [
            threads.submit(_day, stage, stage.people[person], answers, motion, stop, submitted)
            for person, answers in recording.by_person().items()
        ]
        wait(jobs, return_when=FIRST_EXCEPTION)
        # One that failed must not leave the others waiting for what she will not do.
        if any(job.done() and job.exception() for job in jobs):
            stop.set()
        failed = [job.exception() for job in jobs if job.exception()]
    raise_first(failed)


def raise_first(failed: list[BaseException | None]) -> None:
    """The first failure that is not only another's echo."""
    real = [failure for failure in failed if failure and not isinstance(failure, Interrupted)]
    for failure in real or failed:
        if failure:
            raise failure


class Interrupted(Exception):
    """Somebody else failed, so this person stopped."""


def _day(
    stage: Stage,
    person: Client,
    answers: dict[str, Answer],
    motion: Motion,
    stop: threading.Event,
    submitted: Callable[[], None],
) -> None:
    """One person, until all that she did is done."""
    left = dict(answers)
    while left:
        if stop.is_set():
            raise Interrupted(person.username)
        piece = person.pull(stage.project)
        if piece is None:
            try:
                motion.pause(f"work for {person.username}, who still has {len(left)} answers: {list(left)[:3]}")
            except Stuck:
                stop.set()
                raise
            continue
        answer = left.pop(piece["asset"]["key"], None)
        if answer is None:
            person.skip(piece, NOT_MINE)
            motion.happened()
        else:
            points, visibility = stage.arranged(answer)
            person.submit(piece, points, visibility, seconds=answer.seconds)
            submitted()
