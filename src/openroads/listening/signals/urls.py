"""Addresses of signals."""

from django.urls import path

from openroads.listening.signals import views

app_name = "signals"
urlpatterns = [
    path("", views.signals, name="signals"),
    path("promises/add/", views.add_promise, name="add_promise"),
    path("promises/<int:promise_id>/", views.change_promise, name="change_promise"),
    path("promises/<int:promise_id>/end/", views.end_promise, name="end_promise"),
]
