"""Addresses of how long things are kept."""

from django.urls import path

from openroads.listening.keeping import views

app_name = "keeping"
urlpatterns = [
    path("", views.keeping, name="keeping"),
    path("take-out/", views.take_out, name="take_out"),
]
