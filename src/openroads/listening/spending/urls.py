"""Addresses of what sources ask and cost."""

from django.urls import path

from openroads.listening.spending import views

app_name = "spending"
urlpatterns = [
    path("sources/<int:source_id>/spending/", views.source, name="source"),
    path("sources/<int:source_id>/price/", views.ask, name="ask"),
    path("sources/<int:source_id>/switch-on/", views.switch_on, name="switch_on"),
]
