"""Putting a release's files into the storage: hashed on the way, and whole before any row names them."""

import hashlib
import os
import tempfile
from collections.abc import Iterable
from pathlib import Path

from django.conf import settings
from django.core.files import File
from django.core.files.storage import default_storage

from projects.deliveries.models import ReleaseFile

IN_MEMORY = 2**20  # bytes


def keep(path: str, pieces: Iterable[bytes], *, form: str, stored_as: str) -> ReleaseFile:
    """Store the pieces as one file; gives back the row that will name it, not yet saved."""
    digest, size = hashlib.sha256(), 0
    with tempfile.SpooledTemporaryFile(max_size=IN_MEMORY, dir=settings.FILE_UPLOAD_TEMP_DIR) as local:
        for piece in pieces:
            local.write(piece)
            digest.update(piece)
            size += len(piece)
        local.seek(0)
        stored_as = default_storage.save(stored_as, File(local, name=stored_as))
    _settle(stored_as)
    return ReleaseFile(path=path, format=form, bytes=size, sha256=digest.hexdigest(), stored_as=stored_as)


def clear(folder: str) -> None:
    """Remove the folder and all files below it."""
    folders, files = _inside(folder)
    for each in folders:
        clear(f"{folder}/{each}")
    for each in files:
        default_storage.delete(f"{folder}/{each}")
    default_storage.delete(folder)


def clear_others(folder: str, *, but: str) -> None:
    """Remove what other attempts left behind; only for the one whose files the rows name."""
    for each in _inside(folder)[0]:
        if f"{folder}/{each}" != but:
            clear(f"{folder}/{each}")


def _inside(folder: str) -> tuple[list[str], list[str]]:
    try:
        return default_storage.listdir(folder)
    except FileNotFoundError:
        return [], []


def _settle(name: str) -> None:
    """Wait until the disk has it; an object storage acknowledges only what it keeps."""
    try:
        place = Path(default_storage.path(name))
    except NotImplementedError:
        return
    for each in (place, place.parent):
        descriptor = os.open(each, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
