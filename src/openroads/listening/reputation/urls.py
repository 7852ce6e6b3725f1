"""Addresses of reputation."""

from django.urls import path

from openroads.listening.reputation import views

app_name = "reputation"
urlpatterns = [
    path("", views.reputation, name="reputation"),
    path("steering/", views.steering, name="steering"),
    path("steering/<int:action_id>/withdraw/", views.withdraw, name="withdraw"),
    path("method/", views.method, name="method"),
]
