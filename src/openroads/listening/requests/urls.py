"""Addresses of the public notice, and of the queue of what people ask."""

from django.urls import path

from openroads.listening.requests import views

public = [
    path("", views.notice, name="notice"),
    path("ask/", views.ask, name="ask"),
    path("asked/", views.asked, name="asked"),
]

app_name = "requests"
urlpatterns = [
    path("", views.requests, name="requests"),
    path("<int:request_id>/", views.one_request, name="request"),
    path("<int:request_id>/take-up/", views.take_up, name="take_up"),
    path("<int:request_id>/hand-out/", views.hand_out, name="hand_out"),
    path("<int:request_id>/erase/", views.erase, name="erase"),
    path("<int:request_id>/longer/", views.longer, name="longer"),
    path("<int:request_id>/close/", views.close, name="close"),
]
