"""Every visit to a source, and every spell in which one was deaf or unusually silent."""

from datetime import timedelta

from django.db import models
from django.utils.translation import gettext_lazy as _


class Visited(models.Model):
    """One visit: when, how much it brought, and what went wrong. A visit that never ended was killed."""

    KEPT = timedelta(days=90)

    source = models.ForeignKey("listening.Source", on_delete=models.CASCADE, related_name="+")
    began_at = models.DateTimeField(db_index=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    pages = models.PositiveIntegerField(default=0)
    added = models.PositiveIntegerField(default=0)
    changed = models.PositiveIntegerField(default=0)
    same = models.PositiveIntegerField(default=0)
    deleted = models.PositiveIntegerField(default=0)
    withheld = models.PositiveIntegerField(default=0)
    rejected = models.PositiveIntegerField(default=0)
    error = models.CharField(max_length=500, blank=True)
    for_good = models.BooleanField(default=False, help_text="it will not mend itself")

    class Meta:
        app_label = "listening"
        verbose_name = _("visit")
        verbose_name_plural = _("visits")
        ordering = ("-began_at", "-pk")
        indexes = [models.Index(fields=("source", "-began_at"), name="visits_of_a_source")]

    def __str__(self) -> str:
        return f"{self.source_id} {self.began_at:%Y-%m-%d %H:%M}"

    @property
    def went_well(self) -> bool:
        """Whether it came to its end."""
        return self.ended_at is not None and not self.error


class Deafness(models.Model):
    """A spell in which a source was not heard. `hole_from` is the last moment it was heard before;
    what was said until `heard_at` may be missing until `filled_at`."""

    source = models.ForeignKey("listening.Source", on_delete=models.CASCADE, related_name="+")
    began_at = models.DateTimeField()
    hole_from = models.DateTimeField(null=True, blank=True)
    why = models.CharField(max_length=500)
    told_at = models.DateTimeField(null=True, blank=True, help_text="administrators were mailed")
    heard_at = models.DateTimeField(null=True, blank=True)
    filled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        app_label = "listening"
        verbose_name = _("deaf spell")
        verbose_name_plural = _("deaf spells")
        ordering = ("-began_at", "-pk")
        constraints = [
            models.UniqueConstraint(
                fields=("source",), condition=models.Q(heard_at=None), name="deaf_once_at_a_time"
            )
        ]

    def __str__(self) -> str:
        return f"{self.source_id} {self.began_at:%Y-%m-%d %H:%M}"


class Silence(models.Model):
    """A spell in which a source was visited and brought nothing for longer than is usual there. It
    began with the post after which nothing came, was `noticed_at` a moment, when administrators were
    told, and is over when somebody spoke there again."""

    source = models.ForeignKey("listening.Source", on_delete=models.CASCADE, related_name="+")
    quiet_since = models.DateTimeField(help_text="when its newest post was said")
    usual = models.DurationField(help_text="how long it may be silent, as it was then")
    noticed_at = models.DateTimeField()
    spoke_at = models.DateTimeField(null=True, blank=True, help_text="when that was noticed")

    class Meta:
        app_label = "listening"
        verbose_name = _("silent spell")
        verbose_name_plural = _("silent spells")
        ordering = ("-noticed_at", "-pk")
        constraints = [
            models.UniqueConstraint(
                fields=("source",), condition=models.Q(spoke_at=None), name="silent_once_at_a_time"
            )
        ]

    def __str__(self) -> str:
        return f"{self.source_id} {self.quiet_since:%Y-%m-%d %H:%M}"
