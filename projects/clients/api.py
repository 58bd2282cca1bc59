"""The endpoints of clients."""

from django.urls import URLPattern

routes: list[URLPattern] = []
