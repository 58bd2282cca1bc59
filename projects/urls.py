"""The pages of this app."""

from projects.deliveries import pages as deliveries
from projects.teams import pages as teams

urlpatterns = [*teams.routes, *deliveries.routes]
