"""The month within which a request is answered (GDPR, article 12(3))."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from openroads.listening.requests.models import PrivacyRequest
from openroads.ui.formats import number

LAST_FIFTH = 0.8
"""From this part of the time on it is soon."""
LONGER_MONTHS = 2


@dataclass(frozen=True)
class Clock:
    """How long is left in words, and how urgent: "" , "soon" (the last fifth of the time) or "late"."""

    words: str
    urgency: str


def months_after(day: date, months: int) -> date:
    """The same day so many months later; the last of that month where it has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    following = date(year + (month == 11), (month + 1) % 12 + 1, 1)
    return date(year, month + 1, min(day.day, (following - timedelta(days=1)).day))


def due_on(came_at: datetime) -> date:
    """One month after it came: that day included."""
    return months_after(timezone.localdate(came_at), 1)


def clock_of(request: PrivacyRequest, today: date) -> Clock:
    """How much of the time is left."""
    came = timezone.localdate(request.came_at)
    left, whole = (request.due_on - today).days, max((request.due_on - came).days, 1)
    if left < 0:
        late = ngettext("%(n)s day late", "%(n)s days late", -left) % {"n": number(-left)}
        return Clock(late, "late")
    words = ngettext("%(n)s day left", "%(n)s days left", left) % {"n": number(left)}
    if left == 0:
        words = _("today is the last day")
    passed = (today - came).days / whole
    return Clock(words, "soon" if passed >= LAST_FIFTH else "")
