"""Makes Django see the service's own checks, commands and templates."""

from django.apps import AppConfig

from orchestrator import checks  # noqa: F401 - registers them


class OrchestratorConfig(AppConfig):
    name = "orchestrator"
