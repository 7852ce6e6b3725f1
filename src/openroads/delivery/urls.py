"""Addresses of notices, of what leaves the house, of who is told and who reads, and of the channels it answers through."""

from django.urls import path

from openroads.delivery import channel_views, views
from openroads.delivery.keys import views as keys

app_name = "delivery"
urlpatterns = [
    path("notices/", views.all_notices, name="notices"),
    path("notices/seen/", views.see_all, name="see_all"),
    path("notices/<int:notice_id>/", views.open_notice, name="open_notice"),
    path("leaving/", views.leaving, name="leaving"),
    path("leaving/<int:delivery_id>/again/", views.try_again, name="try_again"),
    path("leaving/<int:delivery_id>/sent/", views.call_sent, name="call_sent"),
    path("leaving/<int:delivery_id>/leave/", views.leave_it, name="leave_it"),
    path("channels/", channel_views.channels, name="channels"),
    path("channels/add/", channel_views.choose, name="choose_channel"),
    path("channels/add/<slug:way>/", channel_views.add, name="add_channel"),
    path("channels/<int:channel_id>/", channel_views.channel, name="channel"),
    path("channels/<int:channel_id>/try/", channel_views.try_it, name="try_channel"),
    path("hooks/", views.endpoints, name="endpoints"),
    path("hooks/add/", views.add_endpoint, name="add_endpoint"),
    path("hooks/<int:endpoint_id>/", views.endpoint, name="endpoint"),
    path("hooks/<int:endpoint_id>/secret/", views.renew_secret, name="renew_secret"),
    path("hooks/<int:endpoint_id>/try/", views.try_endpoint, name="try_endpoint"),
    path("hooks/<int:endpoint_id>/end/", views.end_endpoint, name="end_endpoint"),
    path("api-keys/", keys.keys, name="keys"),
    path("api-keys/add/", keys.add_key, name="add_key"),
    path("api-keys/<int:key_id>/end/", keys.end_key, name="end_key"),
]
