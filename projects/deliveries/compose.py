"""Which labels go into a release: the accepted ones, as they stand now."""

from django.db.models import QuerySet

from projects.labels.models import Label
from projects.project import Project
from projects.schemas.models import Schema


def current_labels(project: Project, schema: Schema) -> QuerySet[Label]:
    """Every asset's current label; labels of another schema have other points and cannot stand in the same files."""
    return Label.objects.filter(project=project, schema=schema, is_current=True)
