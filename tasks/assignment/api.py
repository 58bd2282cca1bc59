"""The endpoints of assignment."""

from django.urls import URLPattern

routes: list[URLPattern] = []
