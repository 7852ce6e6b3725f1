"""Addresses of who sees names."""

from django.urls import path

from openroads.listening.sight import views

app_name = "sight"
urlpatterns = [
    path("", views.names, name="names"),
    path("<int:given_id>/take/", views.take, name="take"),
]
