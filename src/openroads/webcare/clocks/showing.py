"""The clock of a case as the inbox shows it: in words, how much of it is used, and when to worry."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.urls import reverse
from django.utils.translation import gettext as _

from openroads.webcare.clocks import words
from openroads.webcare.clocks.models import CaseClock
from openroads.webcare.clocks.queries import Book, hours_book
from openroads.webcare.models import Case

SOON = 0.8
"""From this part on a clock is nearly over."""


@dataclass(frozen=True, slots=True)
class Clock:
    """What is shown: "41 min left" or "18 min late", for which promise, until when, and how much of it is
    used (0 to 1). `tone` is "" or "soon" (the last fifth) or "late"; the words say the same."""

    words: str
    kind: str = ""
    due_at: datetime | None = None
    now: datetime | None = None
    part: float = 0.0
    tone: str = ""

    # What only the page of a case says is put into words there: a list has a clock in each of its rows.
    @property
    def promise(self) -> str:
        return words.promise_words(self.kind) if self.kind else ""

    @property
    def due(self) -> str:
        if self.due_at is None or self.now is None:
            return ""
        return words.due_words(self.due_at, self.now)

    @property
    def definition(self) -> str:
        return reverse("webcare:figures_method") + "#clocks"

    @property
    def percent(self) -> int:
        return round(self.part * 100)


def clock_of(case: Case, now: datetime, known: Book | None = None) -> Clock:
    """The clock of a case. A list reads `queries.hours_book()` once, hands it in as `known`, and selects the
    related `clock__promised` of its cases: then this asks nothing."""
    clock = _kept(case)
    if clock is None or not case.is_open:
        return Clock(_("no clock"))
    known = known or hours_book()
    promised = promise_of(clock)
    left = known.working(promised[1], now, clock.due_at)
    told = {"kind": clock.kind, "due_at": clock.due_at, "now": now}
    if now >= clock.due_at:
        over = known.working(promised[1], clock.due_at, now)
        late = _("%(time)s late") % {"time": words.length_words(max(over, timedelta(minutes=1)))}
        return Clock(late, part=1.0, tone="late", **told)  # type: ignore[arg-type]
    part = min(max(1 - left / promised[0], 0.0), 1.0)
    return Clock(
        _("%(time)s left") % {"time": words.length_words(left)},
        part=part, tone="soon" if part >= SOON else "", **told,  # type: ignore[arg-type]
    )  # fmt: skip


def promise_of(clock: CaseClock) -> tuple[timedelta, int | None]:
    """The length of a promise and the calendar it is counted by. Versions are never changed, so what the
    clock was started by is what it is read by."""
    version = clock.promised
    return version.promised(clock.kind) or timedelta(minutes=1), version.calendar_id


def _kept(case: Case) -> CaseClock | None:
    """The clock that was selected with the case, or is asked for now."""
    try:
        return case.clock
    except CaseClock.DoesNotExist:
        return None
