"""The endpoints of teams."""

from django.urls import URLPattern

routes: list[URLPattern] = []
