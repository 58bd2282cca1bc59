"""One replay from beginning to end, and the figures of it."""

import secrets
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

from orchestrator.outside.client import Client
from orchestrator.replay import deliver, faces, fish, lfpw, measure
from orchestrator.replay.recording import Recording, as_array
from orchestrator.replay.stage import set_up
from orchestrator.replay.work import work

READERS: dict[str, Callable[[Path], Recording]] = {"lfpw": lfpw.read, "fish": fish.read, "faces": faces.read}

Say = Callable[[str], None]
Count = Callable[[int, int], None]


@dataclass(frozen=True, kw_only=True)
class Figures:
    """What is printed as one line of JSON; errors are mean distances as shares of the unit of the source."""

    source: str
    project: str
    release: str
    assets: int
    people: int
    answers: int
    skips: int
    accepted: int
    files: int
    seconds: float
    answering_seconds: float
    pull_p50_ms: float | None
    pull_p95_ms: float | None
    submit_p50_ms: float | None
    submit_p95_ms: float | None
    nme_between_people: float | None
    nme_consensus_gold: float | None
    nme_five_gold: float | None
    manifest_ok: bool
    raw_equal: bool
    pts_equal: bool | None  # None: no .pts came with the recording
    labels_whole: bool  # each accepted asset is in the release, once

    def is_right(self) -> bool:
        return self.manifest_ok and self.raw_equal and self.labels_whole and self.pts_equal is not False

    def to_dict(self) -> dict[str, object]:
        return asdict(self)


def fresh_name(source: str) -> str:
    return f"{source}-{time.strftime('%Y%m%d-%H%M%S')}-{secrets.token_hex(2)}"


def run(admin: Client, recording: Recording, *, name: str, into: Path | None, say: Say, count: Count) -> Figures:
    """Set up, let the people work, deliver, check. A refusal or a standstill raises; a wrong figure is told."""
    began = time.monotonic()
    say(f"Setting up {name}: {len(recording.assets)} assets, {len(recording.by_person())} people")
    stage = set_up(admin, recording, name=name)
    say(f"{len(recording.answers)} recorded answers")
    answering = time.monotonic()
    work(stage, recording, told=lambda done: count(done, len(recording.answers)))
    answered = time.monotonic()
    say("Merging and accepting")
    accepted = deliver.accept(stage)
    say("Releasing")
    release = deliver.release(stage, name=name)
    with tempfile.TemporaryDirectory(prefix="canthus-replay-") as temporary:
        folder = into or Path(temporary)
        files = deliver.download(stage, release, into=folder)
        rows = list(deliver.labels(folder))
        manifest_ok = deliver.manifest_agrees(release, folder)
        pts_equal = deliver.same_pts(recording, folder)
    say("Reading every answer back")
    planned = {key for keys in recording.overlaps().values() for key in keys}
    timings = admin.timings
    return Figures(
        source=recording.source,
        project=stage.project,
        release=release["id"],
        assets=len(recording.assets),
        people=len(recording.by_person()),
        answers=len(recording.answers),
        skips=timings.count("skip"),
        accepted=accepted,
        files=len(files),
        seconds=round(time.monotonic() - began, 1),
        answering_seconds=round(answered - answering, 1),
        pull_p50_ms=timings.percentile("pull", 0.5),
        pull_p95_ms=timings.percentile("pull", 0.95),
        submit_p50_ms=timings.percentile("submit", 0.5),
        submit_p95_ms=timings.percentile("submit", 0.95),
        nme_between_people=measure.between_people(recording),
        nme_consensus_gold=measure.of_consensus(
            recording, {row["key"]: back(row["points"], stage.order) for row in rows}
        ),
        nme_five_gold=measure.of_few(recording),
        manifest_ok=manifest_ok,
        raw_equal=deliver.raw_equal(stage, recording),
        pts_equal=pts_equal,
        labels_whole=len(rows) == len(planned) and {row["key"] for row in rows} == planned,
    )


def back(points: list[list[float] | None], order: list[int]) -> measure.Points:
    """From the schema's order to the recording's."""
    arranged = as_array(points)
    recorded = arranged.copy()
    recorded[order] = arranged
    return recorded
