"""Start everything in one terminal."""

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from orchestrator.embedded.child import StartFailed
from orchestrator.embedded.supervisor import Supervisor


class Command(BaseCommand):
    help = "Starts the database and broker (where none is named), web, worker and beat. Ctrl-C stops all."
    requires_system_checks = ()  # The database is not there yet; the supervisor checks it once it is.

    def add_arguments(self, parser):
        parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: this machine only)")
        parser.add_argument("--port", type=int, default=8000, help="0 takes any free one (default: 8000)")
        parser.add_argument("--workers", type=int, default=2, help="web processes (default: 2)")

    def handle(self, *, host, port, workers, **options):
        try:
            Supervisor(settings.HOME, host=host, port=port, workers=workers, say=self.tell).run()
        except StartFailed as failure:
            raise CommandError(str(failure)) from None

    def tell(self, line):
        self.stdout.write(line)
        self.stdout.flush()
