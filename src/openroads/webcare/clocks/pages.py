"""Opening hours and promises in words."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils.dates import WEEKDAYS
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from openroads.analysis import worktime
from openroads.directory.models import Team
from openroads.ui.formats import listed, number
from openroads.ui.networks import network_word
from openroads.webcare.clocks import words
from openroads.webcare.clocks.models import (
    TargetPolicyVersion,
    WorkCalendar,
    WorkCalendarVersion,
)
from openroads.webcare.models import Case

EXAMPLE = timedelta(hours=2)
FRIDAY, HALF_PAST_FOUR = 4, 16 * 60 + 30
INTENTS = {
    "question": lambda: pgettext("intent", "question"),
    "complaint": lambda: pgettext("intent", "complaint"),
    "praise": lambda: pgettext("intent", "praise"),
    "other": lambda: pgettext("intent", "something else"),
}
PRIORITIES = {
    1: lambda: pgettext("priority", "first"),
    0: lambda: pgettext("priority", "usual"),
    -1: lambda: pgettext("priority", "last"),
}


@dataclass(frozen=True)
class HoursRow:
    """A calendar in words: its days, its next days off, and an example."""

    calendar: WorkCalendar
    version: WorkCalendarVersion
    days: Sequence[str]
    holidays: str
    example: str


@dataclass(frozen=True)
class PromiseRow:
    """A promise in words."""

    version: TargetPolicyVersion
    whom: str
    first: str
    next: str
    resolution: str
    hours: str


def hours_row(calendar: WorkCalendar, version: WorkCalendarVersion, now: datetime) -> HoursRow:
    """One calendar."""
    worked = version.as_worked()
    return HoursRow(calendar, version, _days(worked), _holidays(version, now), preview(worked, now))


def promise_row(version: TargetPolicyVersion, teams: dict[int, str]) -> PromiseRow:
    """One promise."""
    hours = version.calendar.name if version.calendar else _("the clock: day and night")
    first, following, resolution = (
        words.length_words(timedelta(minutes=one)) if one else _("nothing promised")
        for one in (version.first_minutes, version.next_minutes, version.resolution_minutes)
    )
    return PromiseRow(version, whom(version, teams), first, following, resolution, hours)


def team_names() -> dict[int, str]:
    """What teams are called."""
    return dict(Team.objects.values_list("pk", "name"))


def preview(worked: worktime.WorkCalendar, now: datetime, amount: timedelta = EXAMPLE) -> str:
    """ "A question that comes in on Friday at 16:30 with 2 h is due on Monday at 10:30.\""""
    zone = ZoneInfo(worked.zone)
    today = now.astimezone(zone).date()
    friday = today + timedelta(days=(FRIDAY - today.weekday()) % 7)
    asked = datetime.combine(friday, datetime.min.time(), tzinfo=zone) + timedelta(
        minutes=HALF_PAST_FOUR
    )
    due = worktime.add_working(worked, asked, amount).astimezone(zone)
    return _("A question that comes in on %(asked)s with %(time)s is due on %(due)s.") % {
        "asked": _at(asked), "time": words.length_words(amount), "due": _at(due, asked),
    }  # fmt: skip


def whom(version: TargetPolicyVersion, teams: dict[int, str]) -> str:
    """Which cases a promise is for."""
    said = []
    for name, wanted in version.matches.items():
        names = [_named(name, one, teams) for one in wanted]
        said.append(listed(names))
    return "; ".join(said) or _("every case")


def _named(name: str, value: str | int, teams: dict[int, str]) -> str:
    if name == "network":
        return network_word(str(value))
    if name == "kind":
        return str(Case.Kind(str(value)).label)
    if name == "intent":
        return INTENTS[str(value)]()
    if name == "priority":
        return _("priority %(name)s") % {"name": PRIORITIES[int(value)]()}
    return teams.get(int(value), _("a team that is no more"))


def _at(moment: datetime, first: datetime | None = None) -> str:
    """A day of the week and a time; the date too where it is a week away or more."""
    far = first is not None and (moment.date() - first.date()).days >= 7
    return _("%(day)s at %(time)s") % {
        "day": date_format(moment, "l j F" if far else "l"), "time": f"{moment:%H:%M}",
    }  # fmt: skip


def _days(worked: worktime.WorkCalendar) -> list[str]:
    """The days of the week by their hours, those that follow each other with the same hours as one."""
    if worked.always:
        return [_("day and night, holidays too")]
    runs: list[tuple[int, int]] = []
    for day, blocks in enumerate(worked.week):
        if runs and worked.week[runs[-1][1]] == blocks:
            runs[-1] = (runs[-1][0], day)
        else:
            runs.append((day, day))
    said = []
    for first, last in runs:
        blocks = worked.week[first]
        hours = listed(f"{_clock(since)}–{_clock(until)}" for since, until in blocks) or _("closed")
        name = str(WEEKDAYS[first])
        if last > first:
            name = pgettext("days", "%(first)s to %(last)s") % {"first": name, "last": WEEKDAYS[last]}  # fmt: skip
        said.append(f"{name}: {hours}")
    return said


def _holidays(version: WorkCalendarVersion, now: datetime) -> str:
    today = now.astimezone(ZoneInfo(version.zone)).date().isoformat()
    coming = [day for day in version.holidays if day >= today]
    if version.always:
        return ""
    if not coming:
        return _("No day that is different lies ahead: public holidays count as ordinary days.")
    return ngettext(
        "%(n)s day that is different lies ahead.", "%(n)s days that are different lie ahead.", len(coming)
    ) % {"n": number(len(coming))}  # fmt: skip


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"
