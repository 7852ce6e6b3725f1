"""Addresses for other programs."""

from django.urls import path

from openroads.api import views

app_name = "api"
urlpatterns = [
    path("api/v1/openapi.json", views.openapi, name="openapi"),
    path("api/v1/posts/<str:source>", views.posts, name="posts"),
    path("hooks/meta/<str:source>", views.meta, name="meta"),
    path("hooks/tracker/<str:source>", views.tracker, name="tracker"),
    path("hooks/trustpilot/<str:source>", views.trustpilot, name="trustpilot"),
]
