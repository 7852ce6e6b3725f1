"""How far kept posts have been looked up again, month by month, and what came of it, day by day."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Recheck(models.Model):
    """The posts of one source that were published in one month.

    `verified_at`: everything collected before then was there at its network then, or later. A walk through the month
    that is under way began at `began_at` and stands behind the post `cursor` names.
    """

    source = models.ForeignKey("listening.Source", on_delete=models.CASCADE, related_name="+")
    month = models.PositiveIntegerField(help_text="as 202611")
    verified_at = models.DateTimeField(null=True, blank=True)
    began_at = models.DateTimeField(null=True, blank=True)
    cursor = models.CharField(max_length=60, blank=True)

    class Meta:
        app_label = "listening"
        verbose_name = _("second look")
        verbose_name_plural = _("second looks")
        constraints = [
            models.UniqueConstraint(fields=("source", "month"), name="one_recheck_a_month")
        ]

    def __str__(self) -> str:
        return f"{self.source_id} {self.month}"


class RecheckDay(models.Model):
    """What came of looking posts of a source up again on one day (UTC)."""

    source = models.ForeignKey("listening.Source", on_delete=models.CASCADE, related_name="+")
    on = models.DateField()
    checked = models.PositiveBigIntegerField(default=0)
    changed = models.PositiveBigIntegerField(default=0)
    deleted = models.PositiveBigIntegerField(default=0, help_text="gone at the network")
    forgotten = models.PositiveBigIntegerField(default=0, help_text="not looked up in time")
    unnamed = models.PositiveBigIntegerField(default=0, help_text="authors' names past their time")

    class Meta:
        app_label = "listening"
        verbose_name = _("day of second looks")
        verbose_name_plural = _("days of second looks")
        ordering = ("-on", "pk")
        constraints = [
            models.UniqueConstraint(fields=("source", "on"), name="one_recheck_day_a_source")
        ]

    def __str__(self) -> str:
        return f"{self.source_id} {self.on}"
