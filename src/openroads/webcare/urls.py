"""Addresses of the room of webcare."""

from django.urls import URLPattern, URLResolver

app_name = "webcare"
urlpatterns: list[URLPattern | URLResolver] = []
