"""What is known of each stream: who hears it, how far; how much came per hour; what networks took back."""

from datetime import datetime

from django.db import models
from django.utils.translation import gettext_lazy as _


class Stream(models.Model):
    """One source on its stream. `owner` is who hears it now, until `lease_until` unless it is renewed;
    sources of one `line` are heard together."""

    source = models.OneToOneField(
        "listening.Source", on_delete=models.CASCADE, related_name="stream"
    )
    line = models.CharField(max_length=300, db_index=True)
    cursor = models.CharField(max_length=100, blank=True)
    owner = models.CharField(max_length=32, blank=True)
    host = models.CharField(max_length=200, blank=True)
    pid = models.PositiveBigIntegerField(default=0)
    lease_until = models.DateTimeField(null=True, blank=True)
    tries = models.PositiveIntegerField(
        default=0, help_text="calls in vain since it was last heard"
    )
    trouble = models.CharField(_("what went wrong"), max_length=500, blank=True)

    class Meta:
        app_label = "listening"
        verbose_name = _("stream")
        verbose_name_plural = _("streams")

    def __str__(self) -> str:
        return self.line

    def is_held(self, now: datetime) -> bool:
        """Whether somebody's lease on it has not run out."""
        return bool(self.owner) and self.lease_until is not None and self.lease_until > now


class Heard(models.Model):
    """What one source heard on its stream in an hour: `received` is everything that was said there,
    `kept` the posts that came of it or were changed by it."""

    source = models.ForeignKey("listening.Source", on_delete=models.CASCADE, related_name="+")
    hour = models.DateTimeField(db_index=True)
    received = models.PositiveBigIntegerField(default=0)
    kept = models.PositiveBigIntegerField(default=0)

    class Meta:
        app_label = "listening"
        verbose_name = _("hour of a stream")
        verbose_name_plural = _("hours of streams")
        constraints = [
            models.UniqueConstraint(fields=("source", "hour"), name="one_row_per_source_and_hour")
        ]

    def __str__(self) -> str:
        return f"{self.source_id} {self.hour}"


class PlatformDeletion(models.Model):
    """Posts of a source that were deleted where they were said: out of sight when we heard of it, and
    since `done_at` out of the files too. The words of the network are promised to go within 24 hours."""

    source = models.ForeignKey(
        "listening.Source", on_delete=models.SET_NULL, null=True, related_name="+"
    )
    posts = models.PositiveBigIntegerField()
    heard_at = models.DateTimeField(help_text="of the first of them")
    until = models.DateTimeField(help_text="what was heard up to this moment is meant")
    done_at = models.DateTimeField(null=True, blank=True, db_index=True)

    class Meta:
        app_label = "listening"
        verbose_name = _("deletion by a network")
        verbose_name_plural = _("deletions by networks")
        ordering = ("-heard_at", "-pk")

    def __str__(self) -> str:
        return f"{self.posts} {self.heard_at}"
