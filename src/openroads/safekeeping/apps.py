"""Names the room to Django."""

from django.apps import AppConfig


class SafekeepingConfig(AppConfig):
    name = "openroads.safekeeping"
    label = "safekeeping"
