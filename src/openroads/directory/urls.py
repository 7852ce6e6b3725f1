"""Addresses of people, one's own account and the trail."""

from django.urls import path

from openroads.directory import views

app_name = "directory"
urlpatterns = [
    path("people/", views.people, name="people"),
    path("people/add/", views.add_person, name="add_person"),
    path("people/me/", views.me, name="me"),
    path("people/<int:person_id>/", views.person, name="person"),
    path("people/<int:person_id>/grant/", views.grant, name="grant"),
    path("people/<int:person_id>/revoke/<int:grant_id>/", views.revoke, name="revoke"),
    path("people/<int:person_id>/keep-out/", views.keep_out, name="keep_out"),
    path("people/<int:person_id>/let-in/", views.let_in, name="let_in"),
    path("people/<int:person_id>/link/", views.sign_in_link, name="sign_in_link"),
    path("trail/", views.trail_page, name="trail"),
]
