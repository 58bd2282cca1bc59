"""Accepted labels and releases to test with: `label(faces)`, `released(faces)`."""

import hashlib

import pytest
from django.core.files.storage import default_storage

from projects import jobs  # noqa: F401 - a job that is not known here would go to a broker
from projects.deliveries import begin, build, publish
from projects.deliveries.models import Release
from projects.labels import accept
from tests.make import an_answer, an_asset

COVARIANCE = [[1.0, 0.25, 0.25, 2.0]] * 5


@pytest.fixture
def label():
    def labelled(project, *, shift=0.0, asset=None, **fields):
        """An accepted label of a new asset, or the next version of a known one's."""
        fresh = {name: fields.pop(name) for name in ("points", "visibility") if name in fields}
        asset = asset or an_asset(project, **fields)
        known = {"covariance": COVARIANCE, "answers": 2, "agreement": 0.9, "method": "median", "method_version": "1"}
        given = an_answer(shift) | fresh | known
        return accept.accept(asset, **given, checked_layers=1, corrected=False, by=None)

    return labelled


@pytest.fixture
def begun(mara):
    """A release that was asked for; nobody builds it yet, for nothing is committed."""

    def asked(project, formats=("coco", "jsonl", "pts"), name=""):
        return begin.begin(project, formats=formats, name=name, by=mara)

    return asked


@pytest.fixture
def built(begun):
    def made(project, **asked):
        release = begun(project, **asked)
        build.build(release.pk)
        return Release.objects.get(pk=release.pk)

    return made


@pytest.fixture
def published(built, mara):
    return lambda project, **asked: publish.publish(built(project, **asked), by=mara)


def content(release):
    """{path: bytes} as the storage holds them, each checked against its row."""
    found = {}
    for file in release.files.all():
        with default_storage.open(file.stored_as) as stream:
            found[file.path] = stream.read()
        assert file.bytes == len(found[file.path])
        assert file.sha256 == hashlib.sha256(found[file.path]).hexdigest()
    return found


def stored(release):
    """How many files the storage holds of the release, named by rows or not."""
    return sum(len(default_storage.listdir(f"releases/{release.pk}/{each}")[1]) for each in _folders(release))


def _folders(release):
    try:
        return default_storage.listdir(f"releases/{release.pk}")[0]
    except FileNotFoundError:
        return []
