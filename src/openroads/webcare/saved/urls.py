"""Addresses of saved replies, in the room of webcare."""

from django.urls import path

from openroads.webcare.saved import views

urlpatterns = [
    path("saved/", views.replies, name="saved_replies"),
    path("saved/add/", views.add_reply, name="add_saved_reply"),
    path("saved/<int:reply_id>/", views.reply, name="saved_reply"),
    path("saved/<int:reply_id>/approve/", views.approve_reply, name="approve_saved_reply"),
    path("saved/<int:reply_id>/end/", views.end_reply, name="end_saved_reply"),
]
