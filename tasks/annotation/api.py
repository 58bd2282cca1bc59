"""The endpoints of annotation."""

from django.urls import URLPattern

routes: list[URLPattern] = []
