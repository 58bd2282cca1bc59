"""The one door to Celery: a job is sent by name once the rows that it will read are committed."""

import logging
from uuid import UUID

from celery import signature
from django.db import transaction
from kombu.exceptions import OperationalError

log = logging.getLogger(__name__)


def enqueue(job: str, *ids: UUID | str) -> None:
    """Nudge the workers; if the broker is away, the sweep will find the row by its status."""
    arguments = [str(each) for each in ids]
    transaction.on_commit(lambda: _send(job, arguments), robust=True)


def _send(job: str, arguments: list[str]) -> None:
    try:
        signature(job, args=arguments).apply_async(retry=False)
    except OperationalError as problem:
        log.warning("The broker did not take %s: %s. The sweep will do it.", job, problem)
