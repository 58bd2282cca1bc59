"""Jobs that the workers run; each may run twice, in any order, and change nothing the second time."""

from celery import shared_task

from tasks import workflow
from tasks.assignment import lease as assignments
from tasks.consensus import adopt, compute, refit, runs
from tasks.review import lease as reviews


@shared_task(name="tasks.follow_submission")
def follow_submission(task_id: str) -> None:
    """An answer came in."""
    workflow.after_submission(task_id)


@shared_task(name="tasks.follow_skip")
def follow_skip(task_id: str) -> None:
    """Too many would not answer; the task is parked."""
    workflow.after_skip(task_id)


@shared_task(name="tasks.free_lapsed")
def free_lapsed() -> None:
    """Leases that ran out."""
    assignments.free_lapsed()
    reviews.free_lapsed()


@shared_task(name="tasks.sweep_merging")
def sweep_merging() -> None:
    """What a lost message left behind."""
    workflow.sweep()


@shared_task(name="tasks.sweep_stranded")
def sweep_stranded() -> None:
    """What should not be there at all."""
    workflow.sweep_stranded()


@shared_task(name="tasks.compute_run")
def compute_run(run_id: str) -> None:
    """A manager asked for a consensus run."""
    compute.compute(run_id)


@shared_task(name="tasks.adopt_run")
def adopt_run(run_id: str) -> None:
    """A manager adopts a consensus run."""
    adopt.carry_out(run_id)


@shared_task(name="tasks.sweep_runs")
def sweep_runs() -> None:
    """Runs that were forgotten or broke off."""
    runs.sweep()


@shared_task(name="tasks.refit_crowds")
def refit_crowds() -> None:
    """Projects whose crowd was last learnt from yesterday."""
    refit.refit_all()


@shared_task(name="tasks.refit_crowd")
def refit_crowd(project_id: str) -> None:
    """How one project's people err."""
    refit.refit(project_id)
