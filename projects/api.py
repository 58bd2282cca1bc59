"""The endpoints of projects."""

from django.urls import URLPattern

routes: list[URLPattern] = []
