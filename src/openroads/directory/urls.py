"""Addresses of people, roles and the trail."""

from django.urls.resolvers import URLPattern, URLResolver

app_name = "directory"
urlpatterns: list[URLPattern | URLResolver] = []
