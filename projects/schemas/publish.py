"""Publishing a schema: from then on it can be worked by and never changes."""

from django.db import transaction
from django.utils import timezone

from projects.audit.trail import record
from projects.landmarks.schema import lint_published
from projects.schemas.draft import refusal, require_own
from projects.schemas.models import Schema, SchemaStatus
from projects.teams.models import User


@transaction.atomic
def publish(schema: Schema, *, by: User) -> Schema:
    """Publish, or say everything that is in the way; published twice is published once."""
    require_own(schema, by)
    schema = Schema.objects.select_for_update().get(pk=schema.pk)
    if schema.status == SchemaStatus.PUBLISHED:
        return schema
    if problems := lint_published(schema.definition()):
        raise refusal("The schema cannot be published yet.", problems)
    schema.status, schema.published_at = SchemaStatus.PUBLISHED, timezone.now()
    schema.save(update_fields=["status", "published_at"])
    record("schema.published", schema, by=by, name=schema.name, version=schema.version)
    return schema
