"""Tells Django about the room of champions."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ChampionsConfig(AppConfig):
    name = "openroads.champions"
    verbose_name = _("Champions")
    default_auto_field = "django.db.models.BigAutoField"
