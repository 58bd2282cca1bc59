"""The endpoints of schemas."""

from django.urls import URLPattern

routes: list[URLPattern] = []
