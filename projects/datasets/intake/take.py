"""Brings one picture into a project: one asset per content, one per key, however often and by however many at once."""

import hashlib
import tempfile
from contextlib import ExitStack
from typing import IO

from django.conf import settings
from django.core.files import File
from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction

from projects.audit.trail import record
from projects.datasets import storage
from projects.datasets.intake import images
from projects.datasets.intake.describe import Description
from projects.datasets.models import Asset, Dataset, Sequence
from projects.errors import Invalid, Taken, WrongState
from projects.project import Project, ProjectStatus
from projects.teams.models import User
from projects.teams.rights import require

CHUNK_BYTES = 2**18
MAIN = "main"


class KeyTaken(Taken):
    code = "key_taken"


class ProjectClosed(WrongState):
    code = "project_closed"


class SizeDiffers(Invalid):
    code = "size_differs"


def require_open(project: Project, *, by: User) -> None:
    """Only a manager brings material in, and none into a closed project."""
    require(by, "manage", project)
    if project.status == ProjectStatus.CLOSED:
        raise ProjectClosed("This project is closed and takes no more material. Open it again first.")


def add_image(project: Project, content: IO[bytes], about: Description, *, by: User) -> tuple[Asset, bool]:
    """Upload one picture: the asset, and whether it is new.

    Content that is already there gives the asset it is, under whatever key. A key that stands for another picture is
    refused. Of two at once, one makes the row and the other finds it.
    """
    require_open(project, by=by)
    with tempfile.SpooledTemporaryFile(max_size=images.IN_MEMORY_BYTES) as copy:
        sha256 = _copied(content, copy)
        if known := Asset.objects.filter(project=project, sha256=sha256).first():
            return known, False
        if Asset.objects.filter(project=project, key=about.key).exists():
            raise key_taken(about.key)
        picture = images.prepare(copy)
    with picture.file:
        _compare_sizes(about, picture)
        asset = Asset(
            project=project,
            key=about.key,
            sha256=sha256,
            content_type=picture.content_type,
            bytes=picture.bytes,
            width=picture.width,
            height=picture.height,
            url=about.url,  # where it came from, if its client says so
            subject_id=about.subject_id,
            consent=about.consent,
            frame=about.frame,
            metadata=about.metadata,
        )
        asset.file = default_storage.save(storage.name_for(asset), File(picture.file))
    with ExitStack() as undo:  # the file came first, so that no row lacks its file; without a row it goes again
        undo.callback(default_storage.delete, asset.file)
        try:
            _enter(asset, about, sha256, by=by)
        except IntegrityError:  # somebody else was faster
            if known := Asset.objects.filter(project=project, sha256=sha256).first():
                return known, False
            raise key_taken(about.key) from None
        undo.pop_all()
    return asset, True


@transaction.atomic
def _enter(asset: Asset, about: Description, sha256: str, *, by: User) -> None:
    asset.dataset, _ = Dataset.objects.get_or_create(project=asset.project, name=about.dataset or MAIN)
    if about.sequence:
        asset.sequence, _ = Sequence.objects.get_or_create(project=asset.project, key=about.sequence)
    asset.save(force_insert=True)
    record("asset.created", asset, by=by, key=asset.key, sha256=sha256)


def _copied(content: IO[bytes], copy: IO[bytes]) -> str:
    """Copy up to the limit, counting what really comes; the SHA-256 of it."""
    digest, size = hashlib.sha256(), 0
    while chunk := content.read(CHUNK_BYTES):
        size += len(chunk)
        if size > settings.MAX_IMAGE_BYTES:
            raise images.ImageTooLarge(f"A picture may have at most {settings.MAX_IMAGE_BYTES} bytes. Send it smaller.")
        digest.update(chunk)
        copy.write(chunk)
    return digest.hexdigest()


def _compare_sizes(about: Description, picture: images.Picture) -> None:
    for name, said, is_ in (("width", about.width, picture.width), ("height", about.height, picture.height)):
        if said not in (None, is_):
            detail = f"is {said} in the description and {is_} px in the upright picture"
            raise SizeDiffers(f"The {name} {detail}.", errors=[{"pointer": f"/metadata/{name}", "detail": detail}])


def key_taken(key: str) -> KeyTaken:
    return KeyTaken(f"Another picture of this project is called {key}. Give this one another key.")
