"""Addresses of listening as a habit: below those of listening."""

from django.urls import path

from openroads.listening.culture.views import exports, hours, reach, starting, subscriptions

app_name = "culture"
urlpatterns = [
    path("insight/", starting.start, name="start"),
    path("now/", starting.now, name="now"),
    path("subscriptions/", subscriptions.subscriptions, name="subscriptions"),
    path("subscriptions/add/", subscriptions.subscribe, name="subscribe"),
    path("subscriptions/<int:subscription_id>/", subscriptions.preview, name="preview"),
    path("subscriptions/<int:subscription_id>/end/", subscriptions.end, name="end"),
    path("subscriptions/<int:subscription_id>/leave/", subscriptions.step_out, name="step_out"),
    path("leave/<str:token>/", subscriptions.leave, name="leave"),
    path("digests/<int:digest_id>/", subscriptions.digest, name="digest"),
    path("reach/", reach.reach, name="reach"),
    path("hours/", hours.hours, name="hours"),
    path("hours/<int:hour_id>/", hours.hour, name="hour"),
    path("hours/<int:hour_id>/call-off/", hours.call_off, name="call_off"),
    path("hours/<int:hour_id>/<int:place>/", hours.hour_post, name="hour_post"),
    path("export/", exports.exports, name="exports"),
    path("export/<int:export_id>/file/", exports.export_file, name="export_file"),
]
