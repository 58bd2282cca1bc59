"""PostgreSQL refuses to run as root; in a user namespace of its own root looks like nobody."""

import ctypes
import os
from pathlib import Path

LIBC = ctypes.CDLL(None, use_errno=True)
CLONE_NEWUSER = 0x10000000  # linux/sched.h; os.unshare exists from Python 3.12 on
NOBODY = 65534


def become_nobody() -> None:
    """Called between fork and exec. Files stay root's: the mapping changes how root is called, not who it is."""
    if os.geteuid() != 0:
        return
    if LIBC.unshare(CLONE_NEWUSER) != 0:
        os.write(
            2,
            b"PostgreSQL does not run as root, and this machine lets root make no user namespace:"
            b" run as another user, or set DATABASE_URL.\n",
        )
        os._exit(1)
    Path("/proc/self/setgroups").write_text("deny")
    Path("/proc/self/uid_map").write_text(f"{NOBODY} 0 1")
    Path("/proc/self/gid_map").write_text(f"{NOBODY} 0 1")
