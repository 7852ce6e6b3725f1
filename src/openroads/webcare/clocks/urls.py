"""Addresses of opening hours and promises; their names stand among those of webcare."""

from django.urls import path

from openroads.webcare.clocks import views

urlpatterns = [
    path("", views.service_times, name="service_times"),
    path("hours/add/", views.add_hours, name="add_hours"),
    path("hours/<int:calendar_id>/", views.hours, name="hours"),
    path("hours/<int:calendar_id>/remove/", views.remove_hours, name="remove_hours"),
    path("promises/add/", views.add_promise, name="add_promise"),
    path("promises/<int:policy_id>/", views.promise, name="promise"),
    path("promises/<int:policy_id>/end/", views.end_promise, name="end_promise"),
]
