"""Tells Django about the front door."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class WebConfig(AppConfig):
    name = "openroads.web"
    verbose_name = _("Front door")
