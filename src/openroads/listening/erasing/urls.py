"""Addresses of erasing."""

from django.urls import path

from openroads.listening.erasing import views

app_name = "erasing"
urlpatterns = [
    path("", views.erasures, name="erasures"),
    path("download/", views.download, name="download"),
    path("erase/", views.erase, name="erase"),
    path("<int:erasure_id>/", views.erasure, name="erasure"),
    path("<int:erasure_id>/settle/", views.settle, name="settle"),
    path("<int:erasure_id>/files/<int:import_id>/delete/", views.drop_file, name="drop_file"),
]
