"""Numbers, money, days and periods as a Dutch or an English reader writes them.

All functions follow the active language. None and NaN come back as the word "unknown": unknown is never zero.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

Numeric = int | float | Decimal
_SWAP = str.maketrans({",": ".", ".": ","})


def unknown(value: object) -> bool:
    """True for None and for NaN."""
    return value is None or (isinstance(value, float | Decimal) and math.isnan(value))


def number(value: Numeric | None, digits: int = 0) -> str:
    """`6204` is "6,204" or "6.204"; a true minus sign for what is below zero."""
    if unknown(value):
        return _("unknown")
    text = f"{value:,.{digits}f}"
    if text.startswith("-") and not text.strip("-0.,"):
        text = text[1:]  # no "−0": it was rounded away
    if (get_language() or "en").startswith("nl"):
        text = text.translate(_SWAP)
    return text.replace("-", "−")


def signed(value: Numeric | None, digits: int = 0) -> str:
    """A difference: "+21", "−12", "0"."""
    text = number(value, digits)
    return f"+{text}" if not unknown(value) and value > 0 and text.strip("0.,") else text  # type: ignore[operator]


def percent(share: Numeric | None, digits: int = 0) -> str:
    """A share of 0 to 1 as "91%"."""
    return _("unknown") if unknown(share) else f"{number(share * 100, digits)}%"  # type: ignore[operator]


def euro(value: Numeric | None, digits: int = 0) -> str:
    """Euros with a space that does not break: "€ 38,600"."""
    return _("unknown") if unknown(value) else f"€\u00a0{number(value, digits)}"


def between(low: Numeric | None, high: Numeric | None, digits: int = 0, sign: bool = False) -> str:
    """An interval in words: "79 to 88", "79 tot 88"."""
    if unknown(low) or unknown(high):
        return _("unknown")
    say = signed if sign else number
    return pgettext("interval", "%(low)s to %(high)s") % {
        "low": say(low, digits),
        "high": say(high, digits),
    }


def day(value: date | None) -> str:
    """24 November 2026. A moment is shown in the reader's zone."""
    return _("unknown") if value is None else date_format(_local(value), "j F Y")


def weekday(value: date | None) -> str:
    """Tuesday 24 November 2026."""
    return _("unknown") if value is None else date_format(_local(value), "l j F Y")


def moment(value: datetime | None, now: datetime | None = None) -> str:
    """ "yesterday 16:30" under two days, otherwise the day; the year only when it is another year."""
    if value is None:
        return _("unknown")
    local = _local(value)
    today = _local(now or timezone.now())
    clock = date_format(local, "H:i")
    days = (_day_of(today) - _day_of(local)).days
    if days == 0:
        return _("today %(time)s") % {"time": clock}
    if days == 1:
        return _("yesterday %(time)s") % {"time": clock}
    return date_format(local, "j F" if local.year == today.year else "j F Y")


def period(since: date, until: date) -> str:
    """A half-open period [since, until) in words: "26 August to 23 November 2026", "October 2026"."""
    first, last = _day_of(since), _day_of(until) - timedelta(days=1)
    if last <= first:
        return day(first)
    month_ends = (last + timedelta(days=1)).day == 1
    if first.day == 1 and month_ends:
        if first.year == last.year and (first.month, last.month) == (1, 12):
            return str(first.year)
        whole = (first.year, first.month) == (last.year, last.month)
        start, end = ("" if whole else _month(first, last)), date_format(last, "F Y")
        return end if whole else _span(start, end)
    if (first.year, first.month) == (last.year, last.month):
        return _span(str(first.day), day(last))
    return _span(date_format(first, "j F" if first.year == last.year else "j F Y"), day(last))


def listed(items: Iterable[object]) -> str:
    """ "Kade, Polder and Gracht"."""
    words = [str(item) for item in items]
    if len(words) < 2:
        return "".join(words)
    return pgettext("list", "%(first)s and %(last)s") % {
        "first": ", ".join(words[:-1]),
        "last": words[-1],
    }


def _month(first: date, last: date) -> str:
    return date_format(first, "F" if first.year == last.year else "F Y")


def _span(start: str, end: str) -> str:
    return pgettext("period", "%(start)s to %(end)s") % {"start": start, "end": end}


def _local(value: date) -> date:
    if isinstance(value, datetime) and timezone.is_aware(value):
        return timezone.localtime(value)
    return value


def _day_of(value: date) -> date:
    return value.date() if isinstance(value, datetime) else value
