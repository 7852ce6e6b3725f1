"""Reading calendars and promises: all of them at once, as values that a case or a figure is held against."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import QuerySet

from openroads.analysis import worktime
from openroads.webcare.clocks.models import (
    TargetPolicy,
    TargetPolicyVersion,
    WorkCalendar,
    WorkCalendarVersion,
)

CONDITIONS = ("network", "kind", "intent", "priority", "team")


@dataclass(frozen=True, slots=True)
class Facts:
    """What a case is, as far as promises ask."""

    network: str
    kind: str
    intent: str
    priority: int
    team: int | None

    def fits(self, matches: dict[str, list[Any]]) -> bool:
        """Whether everything that is named is so here."""
        return all(getattr(self, name) in wanted for name, wanted in matches.items() if wanted)


@dataclass(frozen=True)
class Book:
    """Every promise and every calendar with all their versions."""

    promises: Sequence[Sequence[TargetPolicyVersion]]
    """The versions of each policy, oldest first."""
    calendars: dict[int, list[tuple[datetime, worktime.WorkCalendar]]]

    def hours(self, calendar: int | None) -> worktime.Versions:
        """The versions of a calendar; without one every moment counts."""
        return self.calendars.get(calendar or 0) or [
            (datetime.min.replace(tzinfo=UTC), always_open())
        ]

    def promise_for(
        self, facts: Facts, kind: str, since: datetime, until: datetime
    ) -> TargetPolicyVersion | None:
        """What was promised for a wait of this kind: by what held when it began or, where nothing was
        promised then, by what was promised first before it ended. Of several that fit, the first in order;
        one that promises nothing of this kind lets the next speak."""
        found = self._in_force(facts, kind, since)
        if found is not None:
            return found
        later = sorted(
            version.holds_from
            for versions in self.promises
            for version in versions
            if since < version.holds_from < until
        )
        return next((one for at in later if (one := self._in_force(facts, kind, at))), None)

    def _in_force(self, facts: Facts, kind: str, at: datetime) -> TargetPolicyVersion | None:
        now = (
            next((one for one in reversed(versions) if one.holds_from <= at), None)
            for versions in self.promises
        )
        fitting = [
            one
            for one in now
            if one is not None
            and not one.ended
            and one.promised(kind) is not None
            and facts.fits(one.matches)
        ]
        return min(fitting, key=lambda one: (one.place, one.policy_id), default=None)

    def working(self, calendar: int | None, since: datetime, until: datetime) -> timedelta:
        """Working time by a calendar."""
        return worktime.working(self.hours(calendar), since, until)


def always_open() -> worktime.WorkCalendar:
    """The calendar of who promises without opening hours: night and weekend count."""
    return worktime.WorkCalendar(settings.TIME_ZONE, always=True)


def book() -> Book:
    """All there is, in two questions."""
    return Book(_promises(), hours_of_calendars())


def hours_of_calendars() -> dict[int, list[tuple[datetime, worktime.WorkCalendar]]]:
    """Every calendar with its versions, oldest first."""
    calendars: dict[int, list[tuple[datetime, worktime.WorkCalendar]]] = {}
    for hours in WorkCalendarVersion.objects.order_by("calendar_id", "number"):
        calendars.setdefault(hours.calendar_id, []).append((hours.holds_from, hours.as_worked()))
    return calendars


def hours_book() -> Book:
    """The calendars alone, in one question: enough where clocks are shown, which know their promise."""
    return Book((), hours_of_calendars())


def _promises() -> list[list[TargetPolicyVersion]]:
    policies: dict[int, list[TargetPolicyVersion]] = {}
    rows = TargetPolicyVersion.objects.select_related("policy")
    for version in rows.order_by("policy_id", "number"):
        policies.setdefault(version.policy_id, []).append(version)
    return list(policies.values())


def calendars_to_choose() -> QuerySet[WorkCalendar]:
    """Every calendar, by name."""
    return WorkCalendar.objects.order_by("name")


def last_hours(calendar: WorkCalendar) -> WorkCalendarVersion | None:
    """The version that holds now."""
    return WorkCalendarVersion.objects.filter(calendar=calendar).order_by("-number").first()


def hours_by_calendar() -> list[tuple[WorkCalendar, WorkCalendarVersion]]:
    """Every calendar with the version that holds now, by name."""
    last = {
        one.calendar_id: one
        for one in WorkCalendarVersion.objects.select_related("set_by").order_by("number")
    }
    return [(one, last[one.pk]) for one in calendars_to_choose() if one.pk in last]


def last_promise(policy: TargetPolicy) -> TargetPolicyVersion | None:
    """The version that holds now."""
    rows = TargetPolicyVersion.objects.filter(policy=policy).select_related("calendar", "set_by")
    return rows.order_by("-number").first()


def promises_in_force() -> list[TargetPolicyVersion]:
    """What is promised now, in the order in which it is asked."""
    last: dict[int, TargetPolicyVersion] = {}
    rows = TargetPolicyVersion.objects.select_related("policy", "calendar", "set_by")
    for version in rows.order_by("policy_id", "number"):
        last[version.policy_id] = version
    kept = [version for version in last.values() if not version.ended]
    return sorted(kept, key=lambda one: (one.place, one.policy_id))
