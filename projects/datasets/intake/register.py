"""Enters pictures by description, many at once; those that have an address are never fetched by us."""

from collections.abc import Iterable, Iterator
from collections.abc import Sequence as Rows
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction

from projects.datasets.intake.describe import Description
from projects.datasets.intake.take import MAIN, key_taken, require_open
from projects.datasets.models import Asset, Dataset, Sequence
from projects.errors import Refused
from projects.project import Project
from projects.teams.models import User


@dataclass(frozen=True)
class Outcome:
    """What became of one row of a list: an asset, or the refusal."""

    asset_id: UUID | None = None
    created: bool = False
    refused: Refused | None = None


def register(project: Project, rows: Rows[Description | Refused], *, by: User) -> list[Outcome]:
    """Enter pictures by description; those with an address are never fetched. One outcome per row, in order.

    Rows that were refused before are passed on. Two at once who bring the same keys wait for each other in the order
    of the keys, and so never for ever.
    """
    require_open(project, by=by)
    outcomes = [Outcome(refused=row) if isinstance(row, Refused) else Outcome() for row in rows]
    first_of: dict[str, Description] = {}
    for row in rows:
        if isinstance(row, Description):
            first_of.setdefault(row.key, row)
    with transaction.atomic():
        ids = _insert(project, [first_of[key] for key in sorted(first_of)])
        found = {key: (pk, url) for pk, key, url in _by_key(project, first_of)}
    new = {key for key, pk in ids.items() if found[key][0] == pk}
    for index, row in enumerate(rows):
        if isinstance(row, Refused):
            continue
        pk, url = found[row.key]
        if row.url and row.url != url:
            outcomes[index] = Outcome(refused=key_taken(row.key))
        else:
            outcomes[index] = Outcome(asset_id=pk, created=row.key in new)
            new.discard(row.key)  # the same row once more in the list is an existing one
    return outcomes


def _insert(project: Project, rows: Rows[Description]) -> dict[str, UUID]:
    """Insert what is not there, in the order given; the ids that they have if it was we who made them."""
    known = {key for _, key, _ in _by_key(project, [row.key for row in rows])}
    rows = [row for row in rows if row.key not in known]
    datasets = {name: _dataset(project, name) for name in sorted({row.dataset or MAIN for row in rows})}
    sequences = _sequences(project, sorted({row.sequence for row in rows if row.sequence}))
    assets = [
        Asset(
            project=project,
            dataset=datasets[row.dataset or MAIN],
            sequence=sequences.get(row.sequence),
            key=row.key,
            url=row.url,
            width=row.width,
            height=row.height,
            subject_id=row.subject_id,
            consent=row.consent,
            frame=row.frame,
            metadata=row.metadata,
        )
        for row in rows
    ]
    Asset.objects.bulk_create(assets, ignore_conflicts=True)
    return {asset.key: asset.pk for asset in assets}


def _by_key(project: Project, keys: Iterable[str]) -> Iterator[tuple[UUID, str, str]]:
    return Asset.objects.filter(project=project, key__in=list(keys)).values_list("pk", "key", "url").iterator()


def _dataset(project: Project, name: str) -> Dataset:
    return Dataset.objects.get_or_create(project=project, name=name)[0]


def _sequences(project: Project, keys: list[str]) -> dict[str, Sequence]:
    if not keys:
        return {}
    Sequence.objects.bulk_create([Sequence(project=project, key=key) for key in keys], ignore_conflicts=True)
    return {each.key: each for each in Sequence.objects.filter(project=project, key__in=keys)}
