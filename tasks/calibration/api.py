"""The endpoints of calibration."""

from django.urls import URLPattern

routes: list[URLPattern] = []
