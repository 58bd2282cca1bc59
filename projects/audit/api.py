"""The endpoints of audit."""

from django.urls import URLPattern

routes: list[URLPattern] = []
