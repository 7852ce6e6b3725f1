"""Addresses of what others push."""

from django.urls import path

from openroads.listening.pushed import views

app_name = "pushed"
urlpatterns = [
    path("sources/push/", views.add, name="add"),
    path("sources/<int:pushed_id>/pushed/", views.address, name="address"),
    path("sources/<int:pushed_id>/pushed/secret/", views.new_secret, name="new_secret"),
    path("sources/<int:pushed_id>/pushed/end-older/", views.end_older, name="end_older"),
    path("sources/<int:pushed_id>/pushed/<int:payload_id>/again/", views.again, name="again"),
]
