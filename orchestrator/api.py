"""Every endpoint: each capability's `api.py` lists its own routes."""

from django.urls import path
from drf_spectacular.views import SpectacularJSONAPIView, SpectacularSwaggerSplitView

from projects import api as project
from projects.audit import api as audit
from projects.clients import api as clients
from projects.datasets import api as datasets
from projects.deliveries import api as deliveries
from projects.labels import api as labels
from projects.schemas import api as schemas
from projects.teams import api as teams
from tasks.annotation import api as annotation
from tasks.assignment import api as assignment
from tasks.calibration import api as calibration
from tasks.consensus import api as consensus
from tasks.progress import api as progress
from tasks.review import api as review

urlpatterns = [
    path("schema/", SpectacularJSONAPIView.as_view(), name="schema"),
    path(
        "docs/",
        SpectacularSwaggerSplitView.as_view(url_name="schema", template_name="orchestrator/api_docs.html"),
        name="docs",
    ),
    *teams.routes,
    *clients.routes,
    *schemas.routes,
    *project.routes,
    *datasets.routes,
    *assignment.routes,
    *annotation.routes,
    *calibration.routes,
    *consensus.routes,
    *review.routes,
    *progress.routes,
    *labels.routes,
    *deliveries.routes,
    *audit.routes,
]
