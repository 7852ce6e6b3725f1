"""Names the room to Django."""

from django.apps import AppConfig


class DeliveryConfig(AppConfig):
    name = "openroads.delivery"
    label = "delivery"
