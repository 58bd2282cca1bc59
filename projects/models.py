"""Table of contents: every table of this app. Django looks here; nobody imports it."""

from projects.audit.models import Event
from projects.clients.models import Client
from projects.datasets.models import Asset, Dataset, ImportBatch, Refusal, Sequence
from projects.deliveries.models import Item, Release, ReleaseFile
from projects.idempotency import IdempotencyKey
from projects.labels.models import Label
from projects.project import Project
from projects.schemas.models import Schema
from projects.teams.models import Grant, Membership, ProjectGroupRight, ProjectUserRight, Team, Token, User

__all__ = [
    "Asset",
    "Client",
    "Dataset",
    "Event",
    "Grant",
    "IdempotencyKey",
    "ImportBatch",
    "Item",
    "Label",
    "Membership",
    "Project",
    "ProjectGroupRight",
    "ProjectUserRight",
    "Refusal",
    "Release",
    "ReleaseFile",
    "Schema",
    "Sequence",
    "Team",
    "Token",
    "User",
]
