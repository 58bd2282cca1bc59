"""Every job that is sent by name is registered under that name."""

import re
from pathlib import Path

import orchestrator
from orchestrator.celery import SWEEPS, app

ROOT = Path(orchestrator.__file__).resolve().parent.parent


def sent():
    """The names in `enqueue("…"` anywhere in the source."""
    found = set()
    for folder in ("orchestrator", "projects", "tasks"):
        for file in (ROOT / folder).rglob("*.py"):
            found.update(re.findall(r"enqueue\(\s*[\"']([^\"']+)[\"']", file.read_text()))
    return found - {"job.name"}


def test_every_job_that_is_sent_or_on_the_timetable_is_registered():
    app.loader.import_default_modules()

    wanted = sent() | set(SWEEPS)

    assert {"tasks.follow_submission", "tasks.follow_skip"} <= wanted
    assert wanted <= set(app.tasks), f"nobody registered {sorted(wanted - set(app.tasks))}"
