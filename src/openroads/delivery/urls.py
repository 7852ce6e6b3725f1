"""Addresses of notices, of what leaves the house, and of the addresses it tells."""

from django.urls import path

from openroads.delivery import views

app_name = "delivery"
urlpatterns = [
    path("notices/", views.all_notices, name="notices"),
    path("notices/seen/", views.see_all, name="see_all"),
    path("notices/<int:notice_id>/", views.open_notice, name="open_notice"),
    path("leaving/", views.leaving, name="leaving"),
    path("leaving/<int:delivery_id>/again/", views.try_again, name="try_again"),
    path("leaving/<int:delivery_id>/sent/", views.call_sent, name="call_sent"),
    path("hooks/", views.endpoints, name="endpoints"),
    path("hooks/add/", views.add_endpoint, name="add_endpoint"),
    path("hooks/<int:endpoint_id>/", views.endpoint, name="endpoint"),
    path("hooks/<int:endpoint_id>/secret/", views.renew_secret, name="renew_secret"),
    path("hooks/<int:endpoint_id>/try/", views.try_endpoint, name="try_endpoint"),
    path("hooks/<int:endpoint_id>/end/", views.end_endpoint, name="end_endpoint"),
]
