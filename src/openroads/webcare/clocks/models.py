"""The tables of clocks: calendars and service times, each with versions that are never changed, and the clock
that runs for a case.

A version holds from a moment on; the next one takes over at its own. So new hours or shorter promises never
change what was measured before.
"""

from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from openroads.analysis import worktime
from openroads.directory.models import AppendOnly


class WorkCalendar(models.Model):
    """When somebody is at work to answer."""

    name = models.CharField(_("name"), max_length=80, unique=True)

    class Meta:
        app_label = "webcare"
        verbose_name = _("opening hours")
        verbose_name_plural = _("opening hours")
        ordering = ("name", "pk")

    def __str__(self) -> str:
        return self.name


class Version(models.Model):
    """What versions share: they are added, never changed."""

    number = models.PositiveIntegerField()
    holds_from = models.DateTimeField(default=timezone.now)
    set_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.pk}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise AppendOnly("A version that held is never changed.")
        kwargs["force_insert"] = True
        super().save(*args, **kwargs)


class WorkCalendarVersion(Version):
    """The hours of a calendar from a moment on. `week`: for each day, Monday first, its blocks in minutes
    after midnight ([[540, 720], [780, 1020]]); `holidays`: {"2026-12-25": [], "2026-12-24": [[540, 720]]}."""

    calendar = models.ForeignKey(WorkCalendar, on_delete=models.CASCADE, related_name="versions")
    zone = models.CharField(_("time zone"), max_length=60)
    always = models.BooleanField(_("day and night, holidays too"), default=False)
    week = models.JSONField(default=list)
    holidays = models.JSONField(default=dict, blank=True)

    class Meta:
        app_label = "webcare"
        verbose_name = _("version of opening hours")
        verbose_name_plural = _("versions of opening hours")
        ordering = ("calendar", "number")
        constraints = [
            models.UniqueConstraint(fields=("calendar", "number"), name="calendar_versions_are_numbered")
        ]  # fmt: skip

    def as_worked(self) -> worktime.WorkCalendar:
        """The version as a value to count with."""
        return worktime.WorkCalendar(
            self.zone,
            tuple(tuple((since, until) for since, until in day) for day in self.week) or ((),) * 7,
            tuple(
                (date.fromisoformat(day), tuple((since, until) for since, until in blocks))
                for day, blocks in sorted(self.holidays.items())
            ),
            self.always,
        )


class TargetPolicy(models.Model):
    """What is promised for some cases: its times stand in its versions."""

    name = models.CharField(_("name"), max_length=80, unique=True)

    class Meta:
        app_label = "webcare"
        verbose_name = _("service times")
        verbose_name_plural = _("service times")
        ordering = ("name", "pk")

    def __str__(self) -> str:
        return self.name


class TargetPolicyVersion(Version):
    """What a policy promises from a moment on: `place` is its order among the others (the first that fits a
    case counts), `matches` which cases it is for ({"network": ["x"], "priority": [1]}; what is not named may
    be anything), and the minutes of working time of each promise. `ended`: it promises nothing any more."""

    policy = models.ForeignKey(TargetPolicy, on_delete=models.CASCADE, related_name="versions")
    place = models.PositiveSmallIntegerField(_("order"), default=10)
    matches = models.JSONField(default=dict, blank=True)
    first_minutes = models.PositiveIntegerField(null=True, blank=True)
    next_minutes = models.PositiveIntegerField(null=True, blank=True)
    resolution_minutes = models.PositiveIntegerField(null=True, blank=True)
    calendar = models.ForeignKey(
        WorkCalendar, on_delete=models.PROTECT, null=True, blank=True, related_name="promises",
        verbose_name=_("opening hours"),
    )  # fmt: skip
    ended = models.BooleanField(default=False)

    class Meta:
        app_label = "webcare"
        verbose_name = _("version of service times")
        verbose_name_plural = _("versions of service times")
        ordering = ("policy", "number")
        constraints = [
            models.UniqueConstraint(fields=("policy", "number"), name="policy_versions_are_numbered")
        ]  # fmt: skip

    def promised(self, kind: str) -> timedelta | None:
        """The time of one promise ("first", "next", "resolution"); None where nothing is promised."""
        minutes = {
            "first": self.first_minutes, "next": self.next_minutes,
            "resolution": self.resolution_minutes,
        }[kind]  # fmt: skip
        return timedelta(minutes=minutes) if minutes is not None else None


class CaseClock(models.Model):
    """The clock that runs for a case: which promise is due first, since when it runs, and when it is over.
    Worked out of the log, so it may be thrown away; `told_at` is when somebody was told that it passed."""

    class For(models.TextChoices):
        FIRST = "first", pgettext_lazy("promise", "first reply")
        NEXT = "next", pgettext_lazy("promise", "next reply")
        RESOLUTION = "resolution", pgettext_lazy("promise", "solved")

    case = models.OneToOneField("webcare.Case", on_delete=models.CASCADE, related_name="clock")
    cycle = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=12, choices=For)
    since = models.DateTimeField()
    due_at = models.DateTimeField()
    promised = models.ForeignKey(TargetPolicyVersion, on_delete=models.CASCADE, related_name="+")
    told_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        app_label = "webcare"
        verbose_name = _("clock")
        verbose_name_plural = _("clocks")
        indexes = [
            models.Index(
                fields=("due_at",), name="clocks_to_tell_of", condition=models.Q(told_at=None)
            )
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.kind} {self.due_at:%Y-%m-%d %H:%M}"

    @property
    def is_for(self) -> tuple[int, str, datetime]:
        """What a clock is of: the same wait keeps it, another begins a new one."""
        return self.cycle, self.kind, self.since
