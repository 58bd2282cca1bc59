"""Is the process alive, and may it be sent work? Asked by load balancers, without signing in."""

import threading

from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from kombu import Connection

LONGEST_WAIT_SECONDS = 2
migrated = threading.Event()  # Set for good: migrations are not unapplied under a running server.


@require_safe
def livez(request: HttpRequest) -> JsonResponse:
    return JsonResponse({"status": "ok"})


@never_cache
@require_safe
def readyz(request: HttpRequest) -> JsonResponse:
    """503 names the parts that fail and tells nothing else about them."""
    parts = {"database": database_answers, "migrations": is_migrated, "broker": broker_answers}
    failed = [part for part, works in parts.items() if not works()]
    if failed:
        return JsonResponse({"status": "not ready", "failed": failed}, status=503, headers={"Retry-After": "1"})
    return JsonResponse({"status": "ok"})


def database_answers() -> bool:
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL statement_timeout = '{LONGEST_WAIT_SECONDS}s'")
            cursor.execute("SELECT 1")
    except DatabaseError:
        return False
    return True


def is_migrated() -> bool:
    if not migrated.is_set():
        try:
            if unapplied():
                return False
        except DatabaseError:
            return False
        migrated.set()
    return True


def unapplied() -> list[tuple[object, bool]]:
    """The migrations that this code needs and the database lacks."""
    executor = MigrationExecutor(connection)
    return executor.migration_plan(executor.loader.graph.leaf_nodes())


def broker_answers() -> bool:
    broker = Connection(
        settings.CELERY_BROKER_URL,
        connect_timeout=LONGEST_WAIT_SECONDS,
        transport_options={"socket_timeout": LONGEST_WAIT_SECONDS, "socket_connect_timeout": LONGEST_WAIT_SECONDS},
    )
    with broker:
        try:
            broker.connect()
            broker.channel().close()  # On Redis and Valkey nothing is sent before a channel is opened.
        except (OSError, *broker.connection_errors, *broker.channel_errors):
            return False
    return True
