"""What people add to exploring: views worth keeping, and events that explain a line."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from openroads.directory.company import Brand


class SavedView(models.Model):
    """A choice of posts under a name: its address, kept by one person, seen by all who may read."""

    name = models.CharField(_("name"), max_length=120)
    query = models.CharField(max_length=4_000)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    shared = models.BooleanField(_("colleagues see it too"), default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        app_label = "listening"
        verbose_name = _("saved view")
        verbose_name_plural = _("saved views")
        ordering = ("name", "pk")
        constraints = [
            models.UniqueConstraint(fields=("by", "name"), name="one_view_of_a_name_per_person")
        ]

    def __str__(self) -> str:
        return self.name


class Event(models.Model):
    """Something that happened on a day (a frost, a campaign, a release), marked on every line."""

    on = models.DateField(_("day"), db_index=True)
    what = models.CharField(_("what happened"), max_length=60)
    brand = models.ForeignKey(
        Brand, on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        app_label = "listening"
        verbose_name = _("event")
        verbose_name_plural = _("events")
        ordering = ("on", "pk")
        constraints = [
            models.UniqueConstraint(fields=("on", "what"), name="one_event_of_a_day_and_name")
        ]

    def __str__(self) -> str:
        return self.what
