"""Addresses of the room of changes."""

from django.urls import path

from openroads.changes import views

app_name = "changes"
urlpatterns = [
    path("insights/", views.insights, name="insights"),
    path("insights/method/", views.method, name="method"),
    path("insights/<int:number>/", views.insight, name="insight"),
    path("insights/<int:number>/hand/", views.hand, name="hand"),
    path("insights/<int:number>/withdraw/", views.withdraw, name="withdraw"),
    path("insights/<int:number>/join/", views.join, name="join"),
]
