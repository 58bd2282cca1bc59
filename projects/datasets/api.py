"""The endpoints of datasets."""

from django.urls import URLPattern

routes: list[URLPattern] = []
