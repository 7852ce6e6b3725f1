"""Lengths of time and rates in words."""

from datetime import timedelta

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from openroads.ui.formats import number


def span(value: timedelta | None) -> str:
    """A length of time in one or two words: "40 minutes", "3 hours", "12 days"; unknown for None."""
    if value is None:
        return _("unknown")
    seconds = value.total_seconds()
    if seconds < 90:
        return _n(ngettext("%(n)s second", "%(n)s seconds", round(seconds)), round(seconds))
    if seconds < 90 * 60:
        minutes = round(seconds / 60)
        return _n(ngettext("%(n)s minute", "%(n)s minutes", minutes), minutes)
    if seconds < 48 * 3600:
        hours = round(seconds / 3600)
        return _n(ngettext("%(n)s hour", "%(n)s hours", hours), hours)
    days = round(seconds / 86400)
    return _n(ngettext("%(n)s day", "%(n)s days", days), days)


def rate(value: float | None) -> str:
    """Posts a day: one decimal below ten; unknown for None."""
    return number(value, 0 if value is not None and (value >= 10 or value == 0) else 1)


def _n(words: str, n: int) -> str:
    return words % {"n": number(n)}
