"""Files that only their owner may read: written whole or not at all."""

import os
import secrets
import tempfile
from pathlib import Path


def secret_key(home: Path) -> str:
    """The installation's own random key; of two processes that ask first at once, both get the same."""
    file = home / "secret-key"
    if not file.exists():
        write_once(file, secrets.token_urlsafe(50))
    return file.read_text().strip()


def write_once(file: Path, text: str) -> None:
    """Write the file unless somebody was faster."""
    draft = _draft(file, text)
    try:
        os.link(draft, file)  # Unlike a rename, a link never replaces what is there.
    except FileExistsError:
        pass
    finally:
        draft.unlink()


def overwrite(file: Path, text: str) -> None:
    """Replace the file in one step: whoever reads sees the old text or the new one."""
    _draft(file, text).rename(file)


def private_folder(folder: Path) -> Path:
    """Make the folder, or take it as it is if it is nobody else's.

    A folder below /tmp has a name that others can guess, so one that was there before us must be a real
    folder, ours, and closed to everyone else.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    seen = folder.lstat()
    if folder.is_symlink() or seen.st_uid != os.getuid():
        raise PermissionError(f"{folder} belongs to somebody else: remove it, or set CANTHUS_HOME to another folder.")
    if seen.st_mode & 0o077:
        folder.chmod(0o700)
    return folder


def _draft(file: Path, text: str) -> Path:
    private_folder(file.parent)
    handle, name = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name}-")  # mode 600
    with os.fdopen(handle, "w") as draft:
        draft.write(text)
        draft.flush()
        os.fsync(draft.fileno())
    return Path(name)
