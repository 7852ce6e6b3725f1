"""Addresses of satisfaction; their names stand among those of webcare."""

from django.urls import path

from openroads.webcare.satisfaction import views

urlpatterns = [
    path("", views.settings_page, name="satisfaction"),
    path("<str:token>/", views.score, name="score"),
]
