"""The endpoints of progress."""

from django.urls import URLPattern

routes: list[URLPattern] = []
