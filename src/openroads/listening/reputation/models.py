"""What was done to steer the conversation: when, by whom, aimed at what, and what was hoped for."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from openroads.directory.company import Brand, Product
from openroads.listening.explore.models import Event
from openroads.listening.topics.models import Topic


class SteeringAction(models.Model):
    """Something done on purpose on a day. Its effect is never kept: it is measured whenever it is read."""

    class Hope(models.TextChoices):
        MORE = "more", pgettext_lazy("hoped for", "more of it")
        LESS = "less", pgettext_lazy("hoped for", "less of it")
        WARMER = "warmer", pgettext_lazy("hoped for", "a warmer tone")

    on = models.DateField(_("day"), db_index=True)
    what = models.CharField(_("what was done"), max_length=60)
    note = models.CharField(_("how and why"), max_length=300, blank=True)
    brand = models.ForeignKey(
        Brand, on_delete=models.CASCADE, related_name="+", verbose_name=_("brand")
    )
    topic = models.ForeignKey(
        Topic, on_delete=models.SET_NULL, null=True, blank=True, related_name="+",
        verbose_name=_("topic"),
    )  # fmt: skip
    product = models.ForeignKey(
        Product, on_delete=models.SET_NULL, null=True, blank=True, related_name="+",
        verbose_name=_("product"),
    )  # fmt: skip
    hope = models.CharField(_("hoped for"), max_length=8, choices=Hope)
    event = models.ForeignKey(
        Event, on_delete=models.SET_NULL, null=True, related_name="+",
        help_text="its mark on every line over time",
    )  # fmt: skip
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        app_label = "listening"
        verbose_name = _("steering action")
        verbose_name_plural = _("steering actions")
        ordering = ("-on", "-pk")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(topic=None) | models.Q(product=None),
                name="steering_aims_at_one_thing",
            )
        ]

    def __str__(self) -> str:
        return self.what
