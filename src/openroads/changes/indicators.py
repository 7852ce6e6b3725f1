"""Figures of insights, ready for indicator sheets and the golden thread."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count

from openroads.changes.models import Insight

DAY = timedelta(days=1)


@dataclass(frozen=True)
class Clock:
    """Days something took or, when it is not `done`, has taken so far (censored: an average of ended
    ones alone would flatter)."""

    days: float
    done: bool


def insights_by_state() -> dict[str, int]:
    """How many insights stand in which state; states without any are 0."""
    found = dict(Insight.objects.order_by().values_list("state").annotate(n=Count("pk")))
    return {state: found.get(state, 0) for state in Insight.State.values}


def waiting_days(now: datetime, *, department: int = 0) -> Sequence[Clock]:
    """How long each insight that waits has waited, longest first."""
    waiting = Insight.objects.filter(state=Insight.State.OPEN)
    if department:
        waiting = waiting.filter(department=department)
    opened = waiting.order_by("opened_at", "pk").values_list("opened_at", flat=True)
    return [Clock((now - at) / DAY, False) for at in opened]


def days_to_insight(since: datetime, until: datetime) -> Sequence[Clock]:
    """From the first post to the insight, for insights opened in this time whose first post is
    known."""
    opened = Insight.objects.filter(opened_at__gte=since, opened_at__lt=until)
    return [
        Clock(float(days), True)
        for days in (one.days_to_insight for one in opened.order_by("opened_at", "pk"))
        if days is not None
    ]
