"""The pages of this app."""

from tasks.progress import pages as progress

urlpatterns = [*progress.routes]
