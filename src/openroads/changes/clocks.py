"""The clocks of the golden thread: days per step, of one change and of all, open ones counted."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from django.db.models import OuterRef, QuerySet, Subquery
from django.utils import timezone

from openroads.analysis.survival import Durations, durations
from openroads.changes.models import Change, Decision, Insight

TARGET = 180
"""Days from the first post to live in which a change should be done: below six months."""


class Clock(StrEnum):
    """The stretches of the thread that are timed."""

    INSIGHT = "insight"
    DECISION = "decision"
    LIVE = "live"
    TOLD = "told"
    WHOLE = "whole"


@dataclass(frozen=True)
class Thread:
    """The days of one thread: an insight, and the change it led to when it did. A step not reached is
    None; `ended_on` is when nothing more was to come of it."""

    department: int
    opened_on: date
    first_on: date | None = None
    decided_on: date | None = None
    is_change: bool = False
    live_on: date | None = None
    told_on: date | None = None
    ended_on: date | None = None

    def span(self, clock: Clock, today: date) -> tuple[int, bool] | None:
        """Days a stretch took, and whether it is done; up to today, or to the day it was given up, when
        it is not. None where it has not begun or its beginning is unknown."""
        begin, end = self._ends(clock)
        if begin is None:
            return None
        until = end or min(self.ended_on or today, today)
        return max((until - begin).days, 0), end is not None

    def _ends(self, clock: Clock) -> tuple[date | None, date | None]:
        decided = self.decided_on if self.is_change else None
        return {
            Clock.INSIGHT: (self.first_on, self.opened_on),
            Clock.DECISION: (self.opened_on, self.decided_on),
            Clock.LIVE: (decided, self.live_on),
            Clock.TOLD: (self.live_on, self.told_on),
            Clock.WHOLE: (self.first_on if self.is_change else None, self.live_on),
        }[clock]


def thread_of(change: Change) -> Thread:
    """The days of one change."""
    return Thread(
        change.department_id, change.insight.opened_on, change.insight.first_on, change.decided_on,
        True, change.live_on, change.told_on, change.stopped_on,
    )  # fmt: skip


def threads() -> list[Thread]:
    """Every thread of the house but those withdrawn or joined to another: these were never to be
    decided on. What is put off waits on."""
    last = Decision.objects.filter(insight=OuterRef("pk"), answer__in=("yes", "no"))
    rows: QuerySet[Insight] = Insight.objects.exclude(
        state__in=(Insight.State.WITHDRAWN, Insight.State.JOINED)
    ).annotate(decided_at=Subquery(last.order_by("-decided_at").values("decided_at")[:1]))
    made = {change.insight_id: change for change in Change.objects.only("insight", "department", "live_on", "told_on", "stopped_on")}  # fmt: skip
    found = []
    for insight in rows.order_by("pk"):
        change = made.get(insight.pk)
        decided = getattr(insight, "decided_at", None)
        found.append(
            Thread(
                insight.department_id, insight.opened_on, insight.first_on,
                timezone.localdate(decided) if decided else None, change is not None,
                change.live_on if change else None, change.told_on if change else None,
                change.stopped_on if change else None,
            )
        )  # fmt: skip
    return found


def durations_of(found: Iterable[Thread], clock: Clock, today: date) -> Durations:
    """Half of all and 85 in a hundred of one stretch."""
    spans = [span for one in found if (span := one.span(clock, today)) is not None]
    return durations([float(days) for days, _done in spans], [done for _days, done in spans])


def all_clocks(found: Sequence[Thread], today: date) -> dict[Clock, Durations]:
    """Every clock of these threads."""
    return {clock: durations_of(found, clock, today) for clock in Clock}


def by_quarter(
    found: Sequence[Thread], today: date, last: int = 8
) -> list[tuple[date, list[Thread]]]:
    """The threads by the quarter in which their insight was opened, oldest first: what began later has
    had less time, which the curve takes into account and a plain average would not."""
    return _grouped(found, lambda one: _quarter(one.opened_on))[-last:]


def _grouped(
    found: Sequence[Thread], key: Callable[[Thread], date]
) -> list[tuple[date, list[Thread]]]:
    groups: dict[date, list[Thread]] = {}
    for one in found:
        groups.setdefault(key(one), []).append(one)
    return sorted(groups.items())


def _quarter(day: date) -> date:
    return date(day.year, 3 * ((day.month - 1) // 3) + 1, 1)
