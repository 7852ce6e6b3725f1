"""Names the room to Django. List it before allauth: its templates replace allauth's."""

from django.apps import AppConfig


class UiConfig(AppConfig):
    name = "openroads.ui"
    label = "ui"
