"""The page of a release: its files, how to check them, samples, and the client's verdict."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Avg, Count, Q, Sum
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from projects.datasets.storage import image_response
from projects.deliveries import decide
from projects.deliveries.forms import DecisionForm
from projects.deliveries.models import DELIVERED, Item, Release, ReleaseStatus
from projects.deliveries.publish import publish
from projects.labels.drawing import Drawing, draw
from projects.teams.rights import holds

SAMPLES = 24  # on one page
FILES = 500  # shown; a release of more has a manifest that lists them


@dataclass(frozen=True, kw_only=True)
class Sample:
    """An item to be drawn: nothing in it tells who annotated."""

    title: str
    src: str
    drawing: Drawing
    answers: int
    agreement: float | None


def _seen(request: HttpRequest, pk: UUID) -> Release:
    """The release, or 404 if it is not the reader's or not delivered to her yet."""
    found = Release.objects.visible_to(request.user).select_related("project__client", "schema")
    return get_object_or_404(found, pk=pk)


@never_cache
@login_required
@require_safe
def release_page(request: HttpRequest, pk: UUID) -> HttpResponse:
    return _show(request, _seen(request, pk), DecisionForm())


@never_cache
@login_required
@require_POST
def decide_page(request: HttpRequest, pk: UUID) -> HttpResponse:
    release = _seen(request, pk)
    form = DecisionForm(request.POST)
    if not form.is_valid():
        return _show(request, release, form, status=422)
    note = form.cleaned_data["note"]
    if form.cleaned_data["verdict"] == "accept":
        decide.accept(release, note=note, by=request.user)
        messages.success(request, _("You have accepted this release. Thank you."))
    else:
        decide.reject(release, note=note, objections=[], by=request.user)
        messages.warning(request, _("You have rejected this release. The project's manager reads your note."))
    return redirect("release-page", pk)


@never_cache
@login_required
@require_POST
def publish_page(request: HttpRequest, pk: UUID) -> HttpResponse:
    publish(_seen(request, pk), by=request.user)
    messages.success(request, _("The release is published. The client can see it now."))
    return redirect("release-page", pk)


@login_required
@require_http_methods(["GET", "HEAD"])
def sample_image(request: HttpRequest, pk: UUID, number: int) -> HttpResponseBase:
    """The picture of an item, for whoever may see the release that it is in."""
    item = get_object_or_404(Item.objects.select_related("label__asset"), release=_seen(request, pk), number=number)
    return image_response(item.label.asset, request)


def _show(request: HttpRequest, release: Release, form: DecisionForm, *, status: int = 200) -> HttpResponse:
    user = request.user
    items = Item.objects.filter(release=release)
    facts = items.aggregate(
        pictures=Count("pk"),
        subjects=Count("subject_id", distinct=True, filter=~Q(subject_id="")),
        agreement=Avg("agreement"),
        least=Avg("answers"),
    )
    files = list(release.files.order_by("path")[:FILES])
    paginator = Paginator(items.order_by("number").select_related("label__asset"), SAMPLES)
    paginator.count = facts["pictures"]  # known already
    page = paginator.get_page(request.GET.get("page"))
    shown: dict[str, Any] = {
        "release": release,
        "project": release.project,
        "facts": facts,
        "points": len(release.schema.points),
        "files": files,
        "bytes": release.files.aggregate(total=Sum("bytes"))["total"],
        "has_more_files": len(files) == FILES,
        "has_sums": any(file.path == "SHA256SUMS" for file in files),
        "page": page,
        "samples": [_sample(release, item) for item in page],
        "form": form,
        "is_delivered": release.status in DELIVERED,
        "may_decide": release.status == ReleaseStatus.PUBLISHED
        and release.created_by_id != user.pk
        and holds(user, "accept", release.project_id),
        "may_publish": release.status == ReleaseStatus.BUILT and holds(user, "manage", release.project_id),
    }
    return render(request, "projects/release.html", shown, status=status)


def _sample(release: Release, item: Item) -> Sample:
    return Sample(
        title=item.key,
        src=reverse("release-sample", args=[release.pk, item.number]) if item.label.asset.file else "",
        drawing=draw(item.points, item.visibility, schema=release.schema, size=(item.width, item.height)),
        answers=item.answers,
        agreement=item.agreement,
    )


routes = [
    path("releases/<uuid:pk>/", release_page, name="release-page"),
    path("releases/<uuid:pk>/decision", decide_page, name="release-decision"),
    path("releases/<uuid:pk>/publication", publish_page, name="release-publication"),
    path("releases/<uuid:pk>/samples/<int:number>", sample_image, name="release-sample"),
]
