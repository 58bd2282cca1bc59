"""The endpoints of review."""

from django.urls import URLPattern

routes: list[URLPattern] = []
