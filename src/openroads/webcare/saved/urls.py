"""Addresses of saved replies, in the room of webcare."""

from django.urls import path

from openroads.webcare.saved import views

urlpatterns = [
    path("saved/", views.replies, name="replies"),
    path("saved/add/", views.add_reply, name="add_reply"),
    path("saved/<int:reply_id>/", views.reply, name="reply"),
    path("saved/<int:reply_id>/approve/", views.approve_reply, name="approve_reply"),
    path("saved/<int:reply_id>/end/", views.end_reply, name="end_reply"),
]
