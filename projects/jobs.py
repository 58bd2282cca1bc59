"""Jobs that the workers run; each may run twice, in any order, and change nothing the second time."""

from celery import shared_task

from projects import idempotency
from projects.datasets.intake import batch
from projects.deliveries import build


@shared_task(name="projects.build_release")
def build_release(release_id: str) -> None:
    """A release was asked for."""
    build.build(release_id)


@shared_task(name="projects.sweep_releases")
def sweep_releases() -> None:
    """Releases whose build was forgotten or broke off."""
    build.sweep()


@shared_task(name="projects.forget_old_keys")
def forget_old_keys() -> None:
    """Idempotency keys that nobody will repeat."""
    idempotency.forget_old()


@shared_task(name="projects.run_import")
def run_import(batch_id: str) -> None:
    """An archive or a list was sent."""
    batch.run(batch_id)


@shared_task(name="projects.sweep_imports")
def sweep_imports() -> None:
    """Imports that were forgotten or broke off."""
    batch.sweep()
