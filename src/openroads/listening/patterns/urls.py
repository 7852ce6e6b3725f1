"""Addresses of patterns: below those of listening."""

from django.urls import path

from openroads.listening.patterns import views

app_name = "patterns"
urlpatterns = [
    path("patterns/", views.patterns, name="patterns"),
    path("patterns/measured/", views.measured_patterns, name="measured"),
    path("patterns/measured/again/", views.try_again, name="try_again"),
    path("patterns/alerts/", views.rules, name="rules"),
    path("patterns/alerts/add/", views.add_rule, name="add_rule"),
    path("patterns/alerts/<int:rule_id>/", views.change_rule, name="change_rule"),
    path("patterns/alerts/<int:rule_id>/pause/", views.pause_rule, name="pause_rule"),
    path("patterns/alerts/<int:rule_id>/end/", views.end_rule, name="end_rule"),
    path("patterns/<int:pattern_id>/", views.pattern, name="pattern"),
    path("patterns/<int:pattern_id>/judge/", views.judge, name="judge"),
]
