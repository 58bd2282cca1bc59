"""What a release holds, read from its frozen rows as the plain values that formats are given."""

from collections.abc import Iterator
from dataclasses import fields

from projects.deliveries.formats.frozen import FrozenItem, Header
from projects.deliveries.models import Item, Release
from projects.version import VERSION

AT_ONCE = 500  # rows
COLUMNS = [field.name for field in fields(FrozenItem)]


def header_of(release: Release) -> Header:
    assert release.frozen_at is not None, "only a frozen release has contents"
    return Header(
        release=str(release.pk),
        version=release.version,
        name=release.name,
        project=release.project.name,
        project_id=str(release.project_id),
        client=release.project.client.name,
        frozen_at=release.frozen_at.isoformat(),
        items=release.items.count(),
        software=f"canthus {VERSION}",
        schema=release.schema.definition() | {"version": release.schema.version},
    )


def items_of(release: Release) -> Iterator[FrozenItem]:
    """All items in order; page by page, so that neither memory nor one long transaction is needed."""
    last = 0
    while True:
        page = list(Item.objects.filter(release=release, number__gt=last).order_by("number").values(*COLUMNS)[:AT_ONCE])
        for row in page:
            yield FrozenItem(**row)
        if len(page) < AT_ONCE:
            return
        last = page[-1]["number"]
