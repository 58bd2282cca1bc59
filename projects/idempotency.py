"""Keys of requests that were answered, so that a repeated request gets the same answer and does nothing twice."""

import hashlib
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.db import connection, models, transaction
from django.db.models.functions import Now
from django.utils import timezone

from projects.errors import Invalid

KEPT_FOR = timedelta(days=2)
LONGEST_KEY = 200  # characters


class IdempotencyKey(models.Model):
    """A key that a person sent, what was asked under it, and the answer; written in the deed's own transaction."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=LONGEST_KEY)
    asked = models.BinaryField(max_length=32)  # SHA-256 of method, path and body
    status = models.PositiveSmallIntegerField(null=True)
    body = models.BinaryField(default=b"")
    content_type = models.CharField(max_length=100, default="")
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "key"], name="one_answer_per_person_and_key")]
        indexes = [models.Index(fields=["created_at"], name="idempotency_key_age")]  # forget_old

    def __str__(self) -> str:
        return self.key


@dataclass(frozen=True)
class Answer:
    status: int
    body: bytes
    content_type: str


class KeyReused(Invalid):
    code = "idempotency_key_reused"


def fingerprint(method: str, path: str, body: bytes) -> bytes:
    return hashlib.sha256(b"\n".join([method.encode(), path.encode(), body])).digest()


def claim(user_id: object, key: str, asked: bytes) -> Answer | None:
    """Reserve the key, or return what was answered under it; a second request at the same moment waits here."""
    assert connection.in_atomic_block, "the key commits together with the deed"
    if not 0 < len(key) <= LONGEST_KEY:
        raise Invalid(f"Idempotency-Key must have 1 to {LONGEST_KEY} characters.")
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO projects_idempotencykey (user_id, key, asked, body, content_type) VALUES (%s, %s, %s, '', '')"
            " ON CONFLICT (user_id, key) DO NOTHING",
            [user_id, key, asked],
        )
        if cursor.rowcount:
            return None
    known = IdempotencyKey.objects.get(user_id=user_id, key=key)
    if bytes(known.asked) != asked:
        raise KeyReused("This Idempotency-Key was used for another request. Send a new key.")
    return Answer(known.status or 200, bytes(known.body), known.content_type)


def keep(user_id: object, key: str, answer: Answer) -> None:
    """Keep the answer of a deed that was done."""
    IdempotencyKey.objects.filter(user_id=user_id, key=key).update(
        status=answer.status, body=answer.body, content_type=answer.content_type
    )


def drop(user_id: object, key: str) -> None:
    """Forget the key of a request that was refused, so that it may be tried again."""
    IdempotencyKey.objects.filter(user_id=user_id, key=key).delete()


def forget_old(*, at_once: int = 10_000) -> int:
    """Delete keys that nobody will repeat any more, in batches."""
    old = IdempotencyKey.objects.filter(created_at__lt=timezone.now() - KEPT_FOR)
    gone = 0
    while True:
        with transaction.atomic():
            count, _ = IdempotencyKey.objects.filter(pk__in=list(old.values_list("pk", flat=True)[:at_once])).delete()
        gone += count
        if count < at_once:
            return gone
