"""The same question asked before and after a change went live, as it was counted each time."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from openroads.changes.models.changing import Change
from openroads.changes.models.insights import Evidence


class Measurement(models.Model):
    """One measuring. Rates are posts per 1,000 of the set; ratios after as a part of before; what
    could not be counted is None."""

    class Verdict(models.TextChoices):
        FELL = "fell", pgettext_lazy("verdict", "it fell")
        STAYED = "stayed", pgettext_lazy("verdict", "it did not fall")
        EARLY = "early", pgettext_lazy("verdict", "too early to say")
        UNSURE = "unsure", pgettext_lazy("verdict", "nobody can tell")

    change = models.ForeignKey(Change, on_delete=models.CASCADE, related_name="measurements")
    evidence = models.ForeignKey(Evidence, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)
    on = models.DateField(help_text="the day it was made")
    verdict = models.CharField(_("verdict"), max_length=8, choices=Verdict)
    why = models.CharField(max_length=20, blank=True)
    next_on = models.DateField(null=True, blank=True)
    since = models.DateField(help_text="the first day before")
    live_on = models.DateField()
    until = models.DateField(help_text="the first day not counted any more")
    weeks = models.JSONField(
        default=list, help_text="day, posts, posts of the set, other complaints"
    )
    before_posts = models.PositiveIntegerField(null=True, blank=True)
    after_posts = models.PositiveIntegerField(null=True, blank=True)
    set_posts = models.PositiveIntegerField(null=True, blank=True)
    before_rate = models.FloatField(null=True, blank=True)
    before_low = models.FloatField(null=True, blank=True)
    before_high = models.FloatField(null=True, blank=True)
    after_rate = models.FloatField(null=True, blank=True)
    after_low = models.FloatField(null=True, blank=True)
    after_high = models.FloatField(null=True, blank=True)
    ratio = models.FloatField(null=True, blank=True)
    ratio_low = models.FloatField(null=True, blank=True)
    ratio_high = models.FloatField(null=True, blank=True)
    control = models.FloatField(null=True, blank=True)
    control_low = models.FloatField(null=True, blank=True)
    control_high = models.FloatField(null=True, blank=True)
    spread = models.FloatField(null=True, blank=True)

    class Meta:
        verbose_name = _("measurement")
        verbose_name_plural = _("measurements")
        ordering = ("on", "pk")
        constraints = [models.UniqueConstraint(fields=("change", "on"), name="measured_once_a_day")]

    def __str__(self) -> str:
        return f"{self.change.code} {self.on} {self.verdict}"
