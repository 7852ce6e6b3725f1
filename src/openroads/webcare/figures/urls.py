"""Addresses of the figures; their names stand among those of webcare."""

from django.urls import path

from openroads.webcare.figures import views

urlpatterns = [
    path("", views.figures, name="figures"),
    path("weeks.csv", views.figures_csv, name="figures_csv"),
    path("method/", views.method, name="figures_method"),
]
