"""Addresses of the language model."""

from django.urls import path

from openroads.listening.language_model import views

app_name = "language_model"
urlpatterns = [
    path("", views.language_model, name="language_model"),
    path("sources/<int:source_id>/allow/", views.allow, name="allow"),
    path("sources/<int:source_id>/stop/", views.stop, name="stop"),
    path("themes/<int:theme_id>/ask/", views.ask, name="ask"),
    path("labels/<int:written_id>/judge/", views.judge, name="judge"),
]
