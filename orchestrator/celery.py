"""The Celery app and the timetable of sweeps, which find whatever a lost message left behind."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "orchestrator.settings")

app = Celery("canthus")
app.set_default()  # for every thread, not only this one
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(related_name="jobs")  # *task* is our own noun

app.conf.beat_schedule = {
    "free lapsed leases": {"task": "tasks.free_lapsed", "schedule": 10.0},
    "merge what waits": {"task": "tasks.sweep_merging", "schedule": 30.0},
    "run imports that wait": {"task": "projects.sweep_imports", "schedule": 30.0},
    "build releases that wait": {"task": "projects.sweep_releases", "schedule": 30.0},
    "forget old keys": {"task": "projects.forget_old_keys", "schedule": 3600.0},
}
for entry in app.conf.beat_schedule.values():
    entry["options"] = {"expires": entry["schedule"]}  # a sweep nobody ran is worth nothing once the next is due
