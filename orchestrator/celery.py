"""The Celery app and the timetable of sweeps, which find whatever a lost message left behind."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "orchestrator.settings")

app = Celery("canthus")
app.set_default()  # for every thread, not only this one
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(related_name="jobs")  # *task* is our own noun

SWEEPS = {  # job: every how many seconds
    "tasks.free_lapsed": 10.0,
    "tasks.sweep_merging": 30.0,
    "tasks.sweep_stranded": 600.0,
    "tasks.sweep_runs": 60.0,
    "tasks.refit_crowds": 3600.0,  # each project once a day; often, so that a restart at night loses no day
    "projects.sweep_imports": 30.0,
    "projects.sweep_releases": 30.0,
    "projects.forget_old_keys": 3600.0,
}
# A sweep that nobody ran is worth nothing once the next is due.
app.conf.beat_schedule = {
    job: {"task": job, "schedule": seconds, "options": {"expires": seconds}} for job, seconds in SWEEPS.items()
}
