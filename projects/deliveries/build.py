"""Writes a release's files, each attempt in a folder of its own, rows last: a release is either absent or whole."""

from collections.abc import Iterator
from functools import partial
from itertools import count
from uuid import UUID

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.db.models.functions import Now
from django.utils import timezone

from projects.audit.trail import record
from projects.background import enqueue
from projects.deliveries.attempt import STALLED_AFTER, Attempt, beat, claim, folder_of
from projects.deliveries.contents import header_of, items_of
from projects.deliveries.formats import FORMATS
from projects.deliveries.formats.frozen import canonical
from projects.deliveries.freeze import freeze
from projects.deliveries.keep import clear, clear_others, keep
from projects.deliveries.manifest import checksums, manifest
from projects.deliveries.models import Release, ReleaseFile, ReleaseStatus
from projects.deliveries.quality import measure
from projects.deliveries.refusals import NothingToRelease
from projects.life import beating

MOST_ATTEMPTS = 3


def build(release_id: UUID | str) -> None:
    """Freeze the release, if that was not done, and write its files; does nothing if it is built or being built.

    Whoever dies on the way is followed by another attempt, which writes the same bytes: the items are frozen.
    """
    attempt = claim(release_id)
    if attempt is None:
        return
    try:
        with beating(partial(beat, attempt), name=f"release {attempt.release_id}"):
            files = list(_write(attempt))
    except NothingToRelease as refused:
        _fail(attempt, refused.detail)
    except OSError as problem:  # a full disk; whatever else breaks is logged, and the sweep tries again
        clear(attempt.folder)
        _fail(attempt, f"The storage failed: {problem.strerror or type(problem).__name__}.")
    else:
        if _finish(attempt, files):
            clear_others(folder_of(release_id), but=attempt.folder)
        else:
            clear(attempt.folder)


def sweep() -> int:
    """Start again what was forgotten or broke off; give up what breaks off every time."""
    long_ago = timezone.now() - STALLED_AFTER
    lost = Release.objects.filter(status=ReleaseStatus.BUILDING).filter(
        Q(beat_at__lt=long_ago) | Q(beat_at=None, created_at__lt=long_ago)
    )
    found = 0
    for release in lost.order_by(F("beat_at").asc(nulls_first=True))[:100]:
        found += 1
        if release.attempts >= MOST_ATTEMPTS and release.beat_at is not None:
            attempt = Attempt(release.pk, release.beat_at, folder_of(release.pk))
            _fail(attempt, f"The build broke off {MOST_ATTEMPTS} times. The log of the workers tells more.")
        else:
            with transaction.atomic():
                enqueue("projects.build_release", release.pk)
    return found


def _write(attempt: Attempt) -> Iterator[ReleaseFile]:
    release = freeze(attempt.release_id)
    header = header_of(release)
    names = (f"{attempt.folder}/{number:05}" for number in count(1))
    files = []
    for form in release.formats:
        for path, pieces in FORMATS[form].write(header, items_of(release)):
            files.append(keep(path, pieces, form=form, stored_as=next(names)))
    figures = measure(header, items_of(release))
    files.append(keep("quality.json", [canonical(figures), b"\n"], form="quality", stored_as=next(names)))
    told = manifest(header, formats=release.formats, figures=figures, files=files, items=items_of(release))
    files.append(keep("manifest.json", told, form="manifest", stored_as=next(names)))
    yield from files
    yield keep("SHA256SUMS", checksums(files), form="checksums", stored_as=next(names))


@transaction.atomic
def _finish(attempt: Attempt, files: list[ReleaseFile]) -> bool:
    """Name the files in rows; False if somebody else took the release over meanwhile."""
    if not _mine(attempt).update(status=ReleaseStatus.BUILT, built_at=Now()):
        return False
    release = Release.objects.get(pk=attempt.release_id)
    for file in files:
        file.release = release
    ReleaseFile.objects.bulk_create(files)
    record(
        "release.built", release, by=None, version=release.version, files=len(files), bytes=sum(f.bytes for f in files)
    )
    return True


@transaction.atomic
def _fail(attempt: Attempt, reason: str) -> bool:
    if not _mine(attempt).update(status=ReleaseStatus.FAILED, reason=reason):
        return False
    release = Release.objects.get(pk=attempt.release_id)
    record("release.failed", release, by=None, version=release.version, reason=reason)
    return True


def _mine(attempt: Attempt) -> QuerySet[Release]:
    return Release.objects.filter(pk=attempt.release_id, status=ReleaseStatus.BUILDING, beat_at=attempt.beat_at)
