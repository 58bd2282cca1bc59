"""From the last answer to verified files: consensus, review, release, download."""

import json
from collections.abc import Iterator
from pathlib import Path

from orchestrator.outside.client import Row
from orchestrator.outside.download import digest, fetch
from orchestrator.outside.waiting import Motion, until
from orchestrator.replay.recording import Recording
from orchestrator.replay.stage import Stage

FORMATS = ("coco", "jsonl", "pts")
MANIFEST, CHECKSUMS = "manifest.json", "SHA256SUMS"


def accept(stage: Stage) -> int:
    """Wait until each task is merged and accepted; the reviewer, where there is one, accepts what she is shown."""
    if stage.reviewer:
        motion = Motion()
        accepted = 0
        while accepted < stage.planned:
            review = stage.reviewer.pull_review(stage.project)
            if review is None:
                motion.pause(f"reviews ({accepted} of {stage.planned} accepted)")
                continue
            stage.reviewer.decide(review["review"], "accept", note="As it was recorded.")
            accepted += 1
            motion.happened()
    tasks = until(
        lambda: stage.manager.progress(stage.project)["tasks"],
        done=lambda tasks: tasks.get("accepted", 0) >= stage.planned,
        waiting_for=f"{stage.planned} accepted tasks",
    )
    return int(tasks["accepted"])


def release(stage: Stage, *, name: str) -> Row:
    """Build a release in all formats and publish it."""
    asked = stage.manager.add_release(stage.project, formats=FORMATS, name=name)
    until(
        lambda: stage.manager.release(asked["id"])["status"],
        done=lambda status: status != "building",
        waiting_for="the release to be built",
    )
    stage.manager.publish_release(asked["id"])
    return stage.manager.release(asked["id"])


def download(stage: Stage, release: Row, *, into: Path) -> list[Path]:
    """Every file; each is checked against the SHA-256 that the release names."""
    return [
        fetch(stage.manager, release["id"], file["path"], into=into, sha256=file["sha256"]) for file in release["files"]
    ]


def manifest_agrees(release: Row, folder: Path) -> bool:
    """The manifest names every file of data with its true size and SHA-256, and none that is not there.

    So does the list of checksums, which has no sizes but the manifest's own checksum.
    """
    manifest = json.loads((folder / MANIFEST).read_text())
    named = {file["path"]: (file["bytes"], file["sha256"]) for file in manifest["files"]}
    listed = dict(line.split("  ", 1)[::-1] for line in (folder / CHECKSUMS).read_text().splitlines())
    there = {file["path"] for file in release["files"]}
    return (
        named.keys() == there - {MANIFEST, CHECKSUMS}
        and listed.keys() == there - {CHECKSUMS}
        and all((_size(folder / path), digest(folder / path)) == told for path, told in named.items())
        and all(digest(folder / path) == told for path, told in listed.items())
    )


def labels(folder: Path) -> Iterator[Row]:
    with (folder / "labels.jsonl").open() as lines:
        for line in lines:
            yield json.loads(line)


def same_pts(recording: Recording, folder: Path) -> bool | None:
    """Do the .pts files that came with the recording come out again, to their six decimals? None if none came."""
    if not recording.originals:
        return None
    return all(
        _numbers(original) == _numbers(folder / "pts" / original.name) for original in recording.originals.values()
    )


def _size(file: Path) -> int:
    return file.stat().st_size


def _numbers(file: Path) -> list[str]:
    body = file.read_text().partition("{")[2].partition("}")[0]
    return [f"{float(number):.6f}" for number in body.split()]


def raw_equal(stage: Stage, recording: Recording) -> bool:
    """Does the export of answers hold exactly what was recorded: every float64, nothing more, nothing less?"""
    expected = {
        (person, answer.asset): (*stage.arranged(answer), answer.seconds)
        for person, answers in recording.by_person().items()
        for answer in answers.values()
    }
    told = {}
    for row in stage.manager.answers(stage.project):
        what = stage.usernames.get(row["annotator"], row["annotator"]), row["asset"]
        if what in told:
            return False
        told[what] = (row["points"], row["visibility"], row["seconds"])
    return told == expected
