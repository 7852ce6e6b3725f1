"""Tells Django about the room of webcare."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class WebcareConfig(AppConfig):
    name = "openroads.webcare"
    verbose_name = _("Webcare")
    default_auto_field = "django.db.models.BigAutoField"
