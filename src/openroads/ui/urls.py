"""Addresses of the shell itself: menu, theme, language, keys, and the sheet of parts for developers."""

from django.contrib.auth.decorators import login_not_required
from django.urls import path
from django.views.i18n import set_language

from openroads.ui import views

app_name = "ui"
urlpatterns = [
    path("menu/", views.menu, name="menu"),
    path("theme/", views.theme, name="theme"),
    path("language/", login_not_required(set_language), name="language"),
    path("keys/", views.keys, name="keys"),
    path("parts/", views.parts, name="parts"),
]
