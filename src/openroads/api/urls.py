"""Addresses for other programs."""

from django.urls import path

from openroads.api import reading, views

app_name = "api"
urlpatterns = [
    path("api/v1/openapi.json", views.openapi, name="openapi"),
    path("api/v1/posts/<str:source>", views.posts, name="posts"),
    path("api/v1/cases", reading.cases, name="cases"),
    path("api/v1/cases/<int:number>", reading.case, name="case"),
    path("api/v1/insights", reading.insights, name="insights"),
    path("api/v1/insights/<int:number>", reading.insight, name="insight"),
    path("api/v1/changes", reading.changes, name="changes"),
    path("api/v1/changes/<int:number>", reading.change, name="change"),
    path("hooks/meta/<str:source>", views.meta, name="meta"),
    path("hooks/tracker/<str:source>", views.tracker, name="tracker"),
    path("hooks/trustpilot/<str:source>", views.trustpilot, name="trustpilot"),
]
