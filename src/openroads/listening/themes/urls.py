"""Addresses of themes."""

from django.urls import path

from openroads.listening.themes import views

app_name = "themes"
urlpatterns = [
    path("", views.themes, name="themes"),
    path("make/", views.make, name="make"),
]
