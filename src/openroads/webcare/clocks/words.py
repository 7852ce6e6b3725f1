"""Times and clocks in words."""

from datetime import datetime, timedelta

from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from openroads.ui.formats import number
from openroads.webcare.clocks.models import CaseClock

FOR = {
    "first": lambda: _("for the first reply"),
    "next": lambda: _("for the next reply"),
    "resolution": lambda: _("to solve it"),
}


def length_words(length: timedelta, *, days: bool = False) -> str:
    """ "41 min", "2 h 10 min", "51 h"; with `days` (for the clock at the wall) "5 days" from two days on:
    how many hours make a day of work differs."""
    minutes = int(length.total_seconds() // 60)
    if minutes < 1:
        return _("under a minute")
    if minutes < 90 and minutes != 60:
        return _("%(n)s min") % {"n": number(minutes)}
    hours, rest = divmod(minutes, 60)
    if days and hours >= 48:
        n = round(hours / 24)
        return ngettext("%(n)s day", "%(n)s days", n) % {"n": number(n)}
    if hours >= 10 or not rest:
        return _("%(n)s h") % {"n": number(round(minutes / 60))}
    return _("%(hours)s h %(minutes)s min") % {"hours": number(hours), "minutes": number(rest)}


def due_words(at: datetime, now: datetime) -> str:
    """ "today 17:30", "tomorrow 09:30", "Monday 09:30", "Monday 7 December 09:30"."""
    local, today = timezone.localtime(at), timezone.localtime(now).date()
    clock = date_format(local, "H:i")
    days = (local.date() - today).days
    if days == 0:
        return pgettext("due", "today %(time)s") % {"time": clock}
    if days == 1:
        return pgettext("due", "tomorrow %(time)s") % {"time": clock}
    if days == -1:
        return pgettext("due", "yesterday %(time)s") % {"time": clock}
    day = date_format(local, "l" if 0 < days < 7 else "l j F")
    return f"{day} {clock}"


def promise_words(kind: str) -> str:
    """Which promise a clock is of."""
    return FOR[kind]() if kind in FOR else ""


def passed(clock: CaseClock) -> str:
    """What is told when a promise passed, in the active language."""
    said = {
        "first": _("%(case)s has waited too long for the first reply"),
        "next": _("%(case)s has waited too long for the next reply"),
        "resolution": _("%(case)s is not solved within the promised time"),
    }
    return said[clock.kind] % {"case": clock.case.code}


def url_of(case: int) -> str:
    """Where a case is read: an address of the inbox, or nothing where there is none."""
    try:
        return reverse("webcare:case", args=[case])
    except NoReverseMatch:
        return ""
