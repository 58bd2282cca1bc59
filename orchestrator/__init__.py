"""The service: wiring, and the embedded servers."""

from orchestrator.celery import app as celery_app

__all__ = ["celery_app"]
