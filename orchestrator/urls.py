"""Every page; every endpoint is in api.py."""

from django.contrib import admin
from django.urls import include, path
from django.views.generic import RedirectView

from orchestrator import errors
from orchestrator.health import livez, readyz

urlpatterns = [
    path("livez", livez, name="livez"),
    path("readyz", readyz, name="readyz"),
    path("favicon.ico", RedirectView.as_view(url="/static/orchestrator/mark.svg")),  # for pages that are not ours
    path("api/v1/", include("orchestrator.api")),
    path("", include("projects.urls")),
    path("", include("tasks.urls")),
    path("admin/", admin.site.urls),  # after our own pages, of which one is admin/login/
]

handler400 = errors.unreadable
handler403 = errors.forbidden
handler404 = errors.missing
handler500 = errors.broken
