"""Walks a zip or a folder and finds what may be pictures: in a stable order, and nothing outside of it."""

import os
import re
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files import File
from django.core.files.storage import default_storage

from projects.datasets.intake import zipped
from projects.datasets.intake.describe import Description
from projects.datasets.intake.images import ImageTooLarge
from projects.errors import Invalid, Refused, TooLarge

NESTED = (".zip", ".tar", ".gz", ".tgz", ".bz2", ".xz", ".7z", ".rar", ".zst", ".jar")
SEPARATOR = re.compile(r"[/\\]")
JUNK = {"__macosx", "thumbs.db", "desktop.ini"}
HIGHEST_RATIO = 100
SMALL_BYTES = 2**20  # below this a high ratio harms nobody: a white page packs well


class UnsafeName(Invalid):
    code = "unsafe_name"


class NotAFile(Invalid):
    code = "not_a_file"


class NestedArchive(Invalid):
    code = "nested_archive"


class Encrypted(Invalid):
    code = "encrypted"


class SuspiciousRatio(Invalid):
    code = "suspicious_ratio"


class ArchiveTooLarge(TooLarge):
    code = "archive_too_large"


class TooManyEntries(TooLarge):
    code = "too_many_entries"


class FileGone(Invalid):
    code = "file_gone"


@dataclass(frozen=True)
class Row:
    """One thing that an import brings: a file to open, a description, or the reason why it is neither."""

    key: str
    open: Callable[[], Any] | None = None  # -> something with read() and close()
    about: Description | None = None
    refused: Refused | None = None


Rows = Callable[[], Iterator[Row]]  # from the first row on, each time it is called


def sent_file(name: str) -> File:
    """What was sent, from the storage."""
    try:
        return default_storage.open(name, "rb")
    except FileNotFoundError:
        raise FileGone("What was sent is no longer in the storage. Send it again.") from None


@contextmanager
def open_zip(name: str) -> Iterator[Rows]:
    """The entries of a zip in the storage, by name. What it declares is checked here, what it gives later."""
    most = settings.MAX_ARCHIVE_ENTRIES
    with sent_file(name) as file:
        if zipped.count_entries(file, most=most) > most:
            raise TooManyEntries(f"The archive has more than {most} entries. Send it in several parts.")
        file.seek(0)
        try:
            archive = zipfile.ZipFile(file)
        except zipped.READING as problem:
            raise zipped.NotAZip(f"This zip archive cannot be read ({problem}). Pack it again.") from None
        with archive:
            infos = [info for info in archive.infolist() if not info.is_dir() and not _is_junk(info.filename)]
            total = sum(info.file_size for info in infos)
            if total > settings.MAX_ARCHIVE_BYTES:
                raise ArchiveTooLarge(
                    f"The archive unpacks to {total} bytes; at most {settings.MAX_ARCHIVE_BYTES} are taken. Send parts."
                )
            infos.sort(key=lambda info: info.filename)
            yield lambda: (_of_zip(archive, info) for info in infos)


def _of_zip(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> Row:
    refused = _problem_of(info)
    return Row(info.filename, refused=refused) if refused else Row(info.filename, lambda: zipped.Entry(archive, info))


def _problem_of(info: zipfile.ZipInfo) -> Refused | None:
    name, size = info.filename, info.file_size
    if is_unsafe(name) or is_unsafe(info.orig_filename):
        return UnsafeName("The name leads out of the archive. Pack it with plain relative names.")
    if zipped.is_link(info):
        return NotAFile("This is a link or a device, not a file. Pack the file itself.")
    if info.flag_bits & 0x1:
        return Encrypted("This entry is encrypted. Pack it without a password.")
    if name.lower().endswith(NESTED):
        return NestedArchive("Archives in archives are not opened. Send it as an import of its own.")
    if size > settings.MAX_IMAGE_BYTES:
        return ImageTooLarge(f"It unpacks to {size} bytes; a picture may have {settings.MAX_IMAGE_BYTES}.")
    if size > SMALL_BYTES and size > HIGHEST_RATIO * info.compress_size:
        return SuspiciousRatio(f"It unpacks to more than {HIGHEST_RATIO} times its size, as no photograph does.")
    return None


def is_unsafe(name: str) -> bool:
    """Would this name, joined to a folder, lead out of it on any system?"""
    parts = SEPARATOR.split(name)
    return (
        not name
        or name.startswith(("/", "\\"))
        or ".." in parts
        or re.match(r"[A-Za-z]:", name) is not None
        or any(ord(each) < 32 for each in name)
    )


def _is_junk(name: str) -> bool:
    """What operating systems leave behind; not worth a refusal."""
    return any((part[:1] == "." and set(part) != {"."}) or part.lower() in JUNK for part in SEPARATOR.split(name))


@contextmanager
def open_folder(path: str) -> Iterator[Rows]:
    """The files of a folder and its subfolders, by name; links are not followed."""
    root = Path(path)
    if not root.is_dir():
        raise NotAFile(f"{path} is not a folder that this machine can read.")
    yield lambda: _of_folder(root, "")


def _of_folder(root: Path, below: str) -> Iterator[Row]:
    try:
        with os.scandir(root / below) as found:
            entries = sorted(found, key=lambda entry: entry.name)
    except OSError as problem:
        yield Row(below or root.name, refused=FileGone(f"The folder cannot be read ({problem.strerror})."))
        return
    for entry in entries:
        key = f"{below}/{entry.name}" if below else entry.name
        if _is_junk(entry.name):
            continue
        if entry.is_dir(follow_symlinks=False):
            yield from _of_folder(root, key)
        elif not entry.is_file(follow_symlinks=False):
            yield Row(key, refused=NotAFile("This is a link or a device, not a file. Put the file itself there."))
        elif key.lower().endswith(NESTED):
            yield Row(key, refused=NestedArchive("Archives are not opened here. Send it as an import of its own."))
        else:
            yield Row(key, lambda path=entry.path: _opened(path))


def _opened(path: str) -> Any:
    try:
        return open(path, "rb")
    except OSError as problem:
        raise FileGone(f"The file cannot be read ({problem.strerror}).") from None
