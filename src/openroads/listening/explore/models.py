"""What people add to exploring: views worth keeping, and events that explain a line."""

from datetime import date

from django.conf import settings
from django.db import models
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from openroads.directory.company import Brand
from openroads.directory.models import Department, Team


class SavedView(models.Model):
    """A choice of posts under a name: its address, kept by one person, seen by all who may read."""

    name = models.CharField(_("name"), max_length=120)
    query = models.CharField(max_length=4_000)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    shared = models.BooleanField(_("colleagues see it too"), default=False)
    department = models.ForeignKey(
        Department, on_delete=models.SET_NULL, null=True, blank=True, related_name="+",
        help_text="its people see it too",
    )  # fmt: skip
    team = models.ForeignKey(
        Team, on_delete=models.SET_NULL, null=True, blank=True, related_name="+",
        help_text="its people see it too",
    )  # fmt: skip
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
    """Something that happened on a day or some days (a frost, a campaign, a release), marked on every
    line; or, with a `view`, a note on the lines of that view alone."""

    class Kind(models.TextChoices):
        CAMPAIGN = "campaign", pgettext_lazy("kind of event", "campaign")
        OWN = "own", pgettext_lazy("kind of event", "own news")
        OUTAGE = "outage", pgettext_lazy("kind of event", "outage")
        HOLIDAY = "holiday", pgettext_lazy("kind of event", "holiday")
        OTHER = "other", pgettext_lazy("kind of event", "other")

    on = models.DateField(_("day"), db_index=True)
    until = models.DateField(_("last day"), null=True, blank=True)
    what = models.CharField(_("what happened"), max_length=60)
    kind = models.CharField(_("kind"), max_length=8, choices=Kind, default=Kind.OTHER)
    brand = models.ForeignKey(
        Brand, on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    note = models.CharField(_("note"), max_length=300, blank=True)
    view = models.ForeignKey(
        SavedView, on_delete=models.CASCADE, null=True, blank=True, related_name="notes"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        app_label = "listening"
        verbose_name = _("event")
        verbose_name_plural = _("events")
        ordering = ("on", "pk")
        constraints = [
            # Two, because SQLite cannot treat two NULLs as the same.
            models.UniqueConstraint(
                fields=("on", "what"),
                condition=models.Q(view__isnull=True),
                name="one_event_of_a_day_and_name",
            ),
            models.UniqueConstraint(
                fields=("on", "what", "view"), name="one_note_of_a_day_and_name"
            ),
        ]

    def __str__(self) -> str:
        return self.what

    @property
    def marked(self) -> str:
        """The words of its mark: "Spring sale (campaign)", and plainly "First frost" when its kind says
        no more than that it happened."""
        if self.kind == self.Kind.OTHER:
            return self.what
        return gettext("%(what)s (%(kind)s)") % {"what": self.what, "kind": self.get_kind_display()}

    @property
    def last_on(self) -> date:
        """The last day of it: its only one when nothing else was said."""
        return self.until or self.on
