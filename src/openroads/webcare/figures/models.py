"""What was counted from the log of cases and is kept, so that nobody counts three years for one new line.

Everything here can be thrown away and counted again: the log stays the one source (`keeping.py`).
"""

from datetime import date

from django.db import models
from django.utils.translation import gettext_lazy as _

STILL = date.max
"""The day of what is not over: it is kept beside the days, so that one question reads both as they stood at
one moment."""


class CountedDay(models.Model):
    """What ended and what was said on one day of the house, in cases of one network and kind: the rows of
    `counting.TIMES` and `counting.MOMENTS`, one behind the other."""

    day = models.DateField()
    network = models.CharField(max_length=40)
    kind = models.CharField(max_length=8)
    times = models.BinaryField(default=bytes, editable=False)
    moments = models.BinaryField(default=bytes, editable=False)

    class Meta:
        app_label = "webcare"
        verbose_name = _("counted day")
        verbose_name_plural = _("counted days")
        constraints = [
            models.UniqueConstraint(
                fields=("day", "network", "kind"), name="a_day_is_counted_once_a_network_and_kind"
            )
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.network} {self.kind}"


class CountedCase(models.Model):
    """Where the rows of a case stand: on which `days`, and between which moments its log lies. `unpromised`:
    something in it was counted by the hours of the house, because nothing was promised."""

    case = models.OneToOneField(
        "webcare.Case", on_delete=models.CASCADE, primary_key=True, related_name="+"
    )
    first_at = models.DateTimeField()
    last_at = models.DateTimeField(db_index=True)
    days = models.JSONField(default=list, help_text="numbers of days, the first of January of year 1 being 1")  # fmt: skip
    unpromised = models.BooleanField(default=False)

    class Meta:
        app_label = "webcare"
        verbose_name = _("counted case")
        verbose_name_plural = _("counted cases")

    def __str__(self) -> str:
        return f"{self.case_id}"


class Counted(models.Model):
    """How far the log is counted: one row. Lines up to `settled` are in the kept days; those up to `until`
    may come into them; `seen` was the last line at `seen_at`. `clocks` are the versions of hours and promises
    that were held against it, `edition` what it was counted with."""

    settled = models.BigIntegerField(default=0)
    until = models.BigIntegerField(default=0)
    seen = models.BigIntegerField(default=0)
    seen_at = models.DateTimeField(null=True)
    clocks = models.JSONField(default=dict)
    edition = models.CharField(max_length=80, blank=True)

    class Meta:
        app_label = "webcare"
        constraints = [models.CheckConstraint(condition=models.Q(pk=1), name="there_is_one_count")]

    def __str__(self) -> str:
        return f"{self.settled}"
