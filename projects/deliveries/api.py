"""The endpoints of deliveries."""

from django.urls import URLPattern

routes: list[URLPattern] = []
