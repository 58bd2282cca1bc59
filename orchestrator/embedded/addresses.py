"""Where the embedded servers of a home listen: known from its path alone, before anything runs."""

import hashlib
import os
from pathlib import Path
from urllib.parse import quote

BESIDE_MANAGE_PY = Path(__file__).resolve().parents[2]
USER = DATABASE = "canthus"
POSTGRES_SOCKET = ".s.PGSQL.5432"  # PostgreSQL chooses the name; the number is its port
VALKEY_SOCKET = "valkey.sock"
LONGEST_SOCKET_BYTES = 100  # the kernel cuts at 107


def home() -> Path:
    """The folder that holds all that this installation keeps."""
    named = os.environ.get("CANTHUS_HOME")
    return Path(named).expanduser().absolute() if named else BESIDE_MANAGE_PY / ".canthus"


def run_folder(home: Path) -> Path:
    """The folder of the sockets: inside the home, unless its path is too long for a socket."""
    inside = home / "run"
    longest = inside / f"{POSTGRES_SOCKET}.lock"
    if len(os.fsencode(longest)) < LONGEST_SOCKET_BYTES:
        return inside
    # Not $TMPDIR: a command started elsewhere must find the same folder.
    name = hashlib.sha256(os.fsencode(home)).hexdigest()[:16]
    return Path("/tmp") / f"canthus-{os.getuid()}-{name}"  # noqa: S108 - made with mode 700, refused when not ours


def database_url(home: Path) -> str:
    return f"postgresql://{USER}@/{DATABASE}?host={quote(str(run_folder(home)), safe='')}"


def broker_url(home: Path) -> str:
    return f"redis+socket://{quote(str(run_folder(home) / VALKEY_SOCKET))}"
