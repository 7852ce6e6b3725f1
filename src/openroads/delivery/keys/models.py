"""Keys with which other programs read here."""

from datetime import date

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from openroads.directory.models import Person


class ApiKey(models.Model):
    """What lets a program read here. It sees what one person sees and is of the kinds it names, as long as that
    person may sign in. Of the key itself only a digest is kept: it is shown once, when it is made."""

    class Reads(models.TextChoices):
        CASES = "cases", pgettext_lazy("key", "conversations")
        INSIGHTS = "insights", pgettext_lazy("key", "insights")
        CHANGES = "changes", pgettext_lazy("key", "changes")

    name = models.CharField(_("name"), max_length=120)
    person = models.ForeignKey(
        Person, on_delete=models.PROTECT, related_name="+", verbose_name=_("sees what they see")
    )
    reads = models.JSONField(_("reads"), default=list)
    names = models.BooleanField(
        _("with words and names"), default=False, help_text="of people outside; else pseudonyms"
    )
    digest = models.CharField(max_length=64, unique=True)
    start = models.CharField(max_length=12, help_text="how it begins, to be known by")
    until = models.DateField(_("until"), null=True, blank=True, help_text="that day left out")
    made_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)
    used_at = models.DateTimeField(null=True, blank=True, help_text="to within an hour")
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        app_label = "delivery"
        verbose_name = _("key for reading")
        verbose_name_plural = _("keys for reading")
        ordering = ("name", "pk")

    def __str__(self) -> str:
        return self.name

    @property
    def reads_words(self) -> list[str]:
        """What it reads, as the reader says it."""
        return [str(self.Reads(name).label) for name in self.reads if name in self.Reads.values]

    def holds_on(self, day: date) -> bool:
        """Whether it opens anything on a day."""
        within = self.until is None or day < self.until
        return self.ended_at is None and within and self.person.is_active
