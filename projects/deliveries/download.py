"""Who may fetch a file of a release, with a token or by a signed address, and how the trail tells of it."""

from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.core import signing
from django.db import transaction
from django.utils import timezone

from projects.audit.models import Event
from projects.audit.trail import record
from projects.deliveries.models import Release, ReleaseFile
from projects.deliveries.refusals import LinkExpired
from projects.errors import Missing
from projects.teams.models import User

TOLD_ONCE_IN = timedelta(hours=1)


def sign(release_id: UUID, path: str, *, person: User) -> str:
    """What the address of one file carries for one person."""
    return signing.dumps(str(person.pk), salt=_salt(release_id, path))


def signed_by(signature: str, *, release_id: UUID, path: str) -> User:
    """The person that the address was made for. What she may see is asked again: roles are taken back."""
    try:
        person = signing.loads(signature, salt=_salt(release_id, path), max_age=settings.LINK_LIFETIME)
    except signing.BadSignature:  # an expired one is one of these
        raise LinkExpired("This address has expired or was changed. Ask for the release again.") from None
    user = User.objects.filter(pk=person, is_active=True).first()
    if user is None:
        raise LinkExpired("This address was made for somebody whose account is closed.")
    return user


def find(release_id: UUID, path: str, *, by: User) -> ReleaseFile:
    """The file, if this person may see its release; the path is looked up, never opened."""
    file = (
        ReleaseFile.objects.filter(path=path, release__in=Release.objects.visible_to(by).filter(pk=release_id))
        .select_related("release")
        .first()
    )
    if file is None:
        raise Missing("There is no such file, or none that you may see.")
    return file


@transaction.atomic
def tell(file: ReleaseFile, *, by: User) -> None:
    """Write the download into the trail; the pieces of one download, fetched within the hour, are told once."""
    ReleaseFile.objects.select_for_update(no_key=True).get(pk=file.pk)  # pieces that are asked for at once
    lately = Event.objects.filter(
        subject_id=str(file.release_id),
        verb="release.downloaded",
        actor=by,
        at__gt=timezone.now() - TOLD_ONCE_IN,
        facts__path=file.path,
    )
    if not lately.exists():
        version = file.release.version
        record("release.downloaded", file.release, by=by, version=version, path=file.path, sha256=file.sha256)


def _salt(release_id: UUID, path: str) -> str:
    return f"canthus.release:{release_id}/{path}"
