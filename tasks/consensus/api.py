"""The endpoints of consensus."""

from django.urls import URLPattern

routes: list[URLPattern] = []
