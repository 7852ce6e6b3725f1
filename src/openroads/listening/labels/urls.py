"""Addresses of labels: below those of listening."""

from django.urls import path

from openroads.listening.labels.views import audit, posts, report

app_name = "labels"
urlpatterns = [
    path("posts/<str:mark>/", posts.post, name="post"),
    path("posts/<str:mark>/say/", posts.say, name="say"),
    path("posts/<str:mark>/take-back/", posts.take_back, name="take_back"),
    path("posts/<str:mark>/topics/", posts.say_topic, name="say_topic"),
    path("labels/<int:label_id>/undo/", posts.undo, name="undo"),
    path("labels/topics/<int:label_id>/undo/", posts.undo_topic, name="undo_topic"),
    path("reading/", report.report, name="report"),
    path("reading/read/", audit.read, name="read"),
    path("reading/draw/", audit.draw, name="draw"),
    path("reading/<slug:aspect>/<slug:what>.csv", report.table, name="table"),
    path("reading/<slug:aspect>/<slug:language>/", report.model, name="model"),
    path("reading/<slug:aspect>/<slug:language>/put-back/", report.put_back, name="put_back"),
    path("reading/<slug:aspect>/<slug:language>/learn/", report.learn, name="learn"),
    path("reading/<slug:language>/try-folder/", report.try_folder, name="try_folder"),
    path("reading/<slug:aspect>/<slug:language>/stop/", report.stop, name="stop"),
]
