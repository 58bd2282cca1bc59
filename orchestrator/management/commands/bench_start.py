"""`manage.py bench_start`: how long `up` takes from the command to the first 200, in a new home and in a known one."""

import json
import os
import shutil
import tempfile
import time
from pathlib import Path

from django.core.management.base import BaseCommand

from orchestrator.embedded.running import running

SET_BY_US = ("CANTHUS_", "DATABASE_URL", "CELERY_")


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser):
        parser.add_argument("--later", type=int, default=3, help="how many later starts are measured")

    def handle(self, *args, later, **options):
        home = Path(tempfile.mkdtemp(prefix="canthus-bench-", dir="/tmp"))
        try:
            first, *others = [self.start_once(home) for _ in range(1 + later)]
        finally:
            shutil.rmtree(home, ignore_errors=True)
        self.stdout.write(json.dumps({"first_start_seconds": first, "later_start_seconds": others}))

    def start_once(self, home: Path) -> float:
        environment = {name: value for name, value in os.environ.items() if not name.startswith(SET_BY_US)}
        began_at = time.monotonic()
        with running(home, environment=environment):
            return round(time.monotonic() - began_at, 2)
