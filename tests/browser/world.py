"""A small world worth looking at: drawn faces, labels, work in every state and releases."""

import hashlib
from functools import cache

import numpy as np
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone

from orchestrator.outside.faces import draw
from projects.deliveries.models import Item, Release, ReleaseFile
from projects.labels.accept import accept
from projects.teams import grants
from tasks.assignment.models import Assignment
from tasks.consensus.models import Consensus
from tasks.review.models import Review
from tasks.task import Task

portrait = cache(draw.portrait)
UPRIGHT = [index for index in range(40) if index % 20 not in (3, 9, 14)]
STATUSES = ["accepted"] * 10 + ["in_review"] * 2 + ["open"] * 4


def people_it(make, *, mara, ann, ben, rita, clea):
    """A project of 16 faces with two releases: one delivered, one built; and two more projects."""
    people = [(ann, "annotator"), (ben, "annotator"), (rita, "reviewer"), (clea, "client")]
    schema = make.schema(mara, "ibug68")
    project = make.project(mara, people=people, schema=schema, name="Northern portraits", overlap=3, review_layers=1)
    project.client.name = "Studio Aurora"
    project.client.save(update_fields=["name"])
    labels = [_face(make, project, index, status) for index, status in zip(UPRIGHT, STATUSES, strict=False)]
    labels = [label for label in labels if label]
    published = _release(project, labels[:8], version=1, name="pilot", status="published", by=mara)
    _release(project, labels, version=2, name="", status="built", by=mara)
    for name, status, role in [
        ("Driver monitoring, night", "calibrating", "annotator"),
        ("Emotion study", "paused", ""),
    ]:
        other = make.project(mara, status=status, name=name, schema=schema)
        grants.found(other, role="client", to=clea, by=mara)
        if role:
            grants.found(other, role=role, to=ann, by=mara)
            for _ in range(3):
                make.task(other)
    return project, published


def _face(make, project, index, status):
    drawn = portrait(index)
    suffix = drawn.name.rsplit(".", 1)[-1]
    asset = make.asset(
        project,
        key=f"session-{index // 8 + 1}/{drawn.name}",
        url="",
        sha256=hashlib.sha256(drawn.content).hexdigest(),
        content_type="image/png" if suffix == "png" else "image/jpeg",
        bytes=len(drawn.content),
        width=drawn.width,
        height=drawn.height,
        subject_id=f"person {index // 2}",
    )
    asset.file = default_storage.save(f"assets/{project.pk}/{asset.pk}.{suffix}", ContentFile(drawn.content))
    asset.save(update_fields=["file"])
    done = 0 if status == "open" else 3
    task = Task.objects.create(project=project, asset=asset, status=status, wanted=3, answers=done)
    for number in range(1, 4):
        Assignment.objects.create(
            project=project, task=task, number=number, status="open" if status == "open" else "withdrawn"
        )
    points = (np.asarray(drawn.points) + np.random.default_rng(index).normal(0, 0.6, (68, 2))).tolist()
    if status == "in_review":
        merged = {"points": points, "points_data_only": points, "covariance": [None] * 68}
        consensus = Consensus.objects.create(
            project=project, task=task, set_hash=f"{index:064}", method="median", version="1", answers=3,
            visibility=drawn.visibility, agreement=0.9, **merged,
        )  # fmt: skip
        Review.objects.create(project=project, task=task, consensus=consensus, doubt=0.1)
    if status != "accepted":
        return None
    return accept(
        asset, points=points, visibility=drawn.visibility, covariance=None, answers=3, agreement=0.97 - index / 300,
        method="median", method_version="1", checked_layers=1, corrected=False, by=None,
    )  # fmt: skip


def _release(project, labels, *, version, name, status, by):
    now = timezone.now()
    release = Release.objects.create(
        project=project, schema=project.schema, version=version, name=name, status=status, created_by=by,
        formats=["coco", "jsonl", "pts"], frozen_at=now, built_at=now,
        published_at=now if status == "published" else None,
    )  # fmt: skip
    copied = ("sha256", "url", "width", "height", "subject_id")
    for number, label in enumerate(labels, start=1):
        Item.objects.create(
            release=release, label=label, number=number, key=label.asset.key, points=label.points,
            visibility=label.visibility, answers=label.answers, agreement=label.agreement,
            **{field: getattr(label.asset, field) for field in copied},
        )  # fmt: skip
    for path, size in [
        ("coco.json", 48_211),
        ("landmarks.jsonl", 39_902),
        ("manifest.json", 2_714),
        ("pts.zip", 17_080),
        ("SHA256SUMS", 312),
    ]:
        ReleaseFile.objects.create(
            release=release, path=path, format=path.split(".")[0], bytes=size, stored_as=f"releases/{path}",
            sha256=hashlib.sha256(f"{version}{path}".encode()).hexdigest(),
        )  # fmt: skip
    return release
