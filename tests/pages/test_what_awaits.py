"""What awaits each person: counted as she would meet it, never beyond what a page can tell."""

from datetime import timedelta

from django.utils import timezone

from projects.deliveries.models import Release
from tasks.assignment.models import Assignment
from tasks.progress import overview
from tasks.review.models import Review
from tasks.task import Status


def awaiting(user):
    return [(each.kind, each.count) for each in overview.awaiting(user, overview.roles_of(user))]


def test_an_annotator_counts_pictures_not_wanted_answers(faces, make, ann, ben):
    held, had, _free, _other = [make.task(faces, wanted=3) for _ in range(4)]
    hour = {"leased_at": timezone.now(), "leased_until": timezone.now() + timedelta(hours=1)}
    Assignment.objects.filter(task=held, number=1).update(annotator=ann, status="leased", **hour)
    Assignment.objects.filter(task=had, number=1).update(annotator=ann, status="submitted")

    assert awaiting(ann) == [("held", 1), ("annotate", 2)]
    assert awaiting(ben) == [("annotate", 4)]


def test_a_reviewer_is_not_sent_to_what_she_answered_herself(faces, make, rita):
    for _ in range(2):
        task = make.task(faces)
        type(task).objects.filter(pk=task.pk).update(status=Status.IN_REVIEW)
        Review.objects.create(project=faces, task=task)
    Assignment.objects.filter(task=task, number=1).update(annotator=rita, status="submitted")

    assert awaiting(rita) == [("review", 1)]


def test_releases_await_the_manager_first_and_then_the_client(faces, mara, clea, ann):
    made = {"project": faces, "schema": faces.schema, "formats": ["coco"], "created_by": mara}
    for version, status in enumerate(("built", "failed", "published", "accepted"), start=1):
        Release.objects.create(version=version, status=status, **made)

    assert awaiting(mara) == [("publish", 1), ("failed", 1)]
    assert awaiting(clea) == [("decide", 1)]
    assert awaiting(ann) == []


def test_counting_stops_where_the_page_says_more(faces, make, ann, monkeypatch):
    monkeypatch.setattr(overview, "MOST", 2)
    for _ in range(5):
        make.task(faces)

    (waiting,) = overview.awaiting(ann, overview.roles_of(ann))

    assert (waiting.shown, waiting.is_more) == (2, True)


def test_nothing_awaits_anybody_where_work_rests(make, mara, ann):
    make.task(make.project(mara, people=[(ann, "annotator")], status="paused"))

    assert awaiting(ann) == []
