"""One PostgreSQL for a whole test run, forgetting and fast; a server named in DATABASE_URL is used as it is."""

import atexit
import os
import secrets
import shutil
import tempfile
from pathlib import Path

from orchestrator.embedded.postgres import Postgres


def start() -> None:
    """Called before Django reads its settings. Workers of pytest-xdist inherit the addresses."""
    os.environ.setdefault("CANTHUS_SECRET_KEY", secrets.token_urlsafe(50))
    if "CANTHUS_HOME" not in os.environ:
        home = Path(tempfile.mkdtemp(prefix="canthus-tests-"))
        os.environ["CANTHUS_HOME"] = str(home)
        atexit.register(shutil.rmtree, home, ignore_errors=True)
    if os.environ.get("DATABASE_URL"):
        return
    postgres = Postgres(Path(tempfile.mkdtemp(prefix="canthus-tests-", dir="/tmp")), durable=False)
    atexit.register(_stop, postgres, owner=os.getpid())
    os.environ["CANTHUS_ALLOW_UNSAFE_DATABASE"] = "1"
    os.environ["DATABASE_URL"] = postgres.start()


def _stop(postgres: Postgres, *, owner: int) -> None:
    if os.getpid() != owner:
        return  # A forked child of a test ends; the run goes on.
    postgres.stop()
    shutil.rmtree(postgres.data.parent, ignore_errors=True)
