"""From the log of cases to rows of numbers: what each wait took, and each contact moment, by day.

A row says of which case it is, so that the rows of a case can be taken out and put in again. Moments and
lengths are whole microseconds, so that nothing is rounded on the way.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

import numpy as np
from django.conf import settings

from openroads.analysis import cycles
from openroads.analysis.cycles import Happening, Span, length
from openroads.analysis.worktime import working
from openroads.webcare.clocks.due import COLUMNS, Row, paired
from openroads.webcare.clocks.queries import Book, Facts
from openroads.webcare.figures.models import STILL
from openroads.webcare.models import Case, CaseEvent

EDITION = "1"
"""Raised when the same log would give other rows: then all is counted anew, by itself."""
CASE = np.dtype("<u4")
TIMES = np.dtype(
    [
        ("case", CASE), ("kind", "i1"), ("team", "<i4"), ("wall", "<i8"), ("working", "<i8"),
        ("promised", "<i4"), ("why", "i1"),
    ]
)  # fmt: skip
"""A wait: its place in `cycles.KINDS`; the team, 0 for none; how long by the two clocks; the promised minutes,
-1 for none; why it does not count, from `WHY`. Of what is not over `wall` is since when."""
MOMENTS = np.dtype(
    [("case", CASE), ("what", "i1"), ("team", "<i4"), ("cycle", "<u2"), ("score", "i1")]
)
"""A contact moment, or that somebody was asked how we did in a `cycle`, and their last `score`, -1 for none."""
CAME, ANSWERED, BY_RULE, SURVEYED = range(4)
WHY = ("", *cycles.REASONS)
_WHY = {reason: place for place, reason in enumerate(WHY)}
_KIND = {kind: place for place, kind in enumerate(cycles.KINDS)}
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_TICK = timedelta(microseconds=1)


class Place(NamedTuple):
    """Where rows stand: a day, or `STILL`, and what their cases are."""

    day: date
    network: str
    kind: str


@dataclass(slots=True)
class Rows:
    """The rows of one place."""

    times: list[tuple[int, ...]] = field(default_factory=list)
    moments: list[tuple[int, ...]] = field(default_factory=list)


@dataclass(slots=True)
class Known:
    """What is kept of a case beside its rows, as `models.CountedCase` has it."""

    first_at: datetime
    last_at: datetime
    days: set[int] = field(default_factory=set)
    unpromised: bool = False


@dataclass(slots=True)
class Count:
    """Some cases, counted."""

    rows: dict[Place, Rows] = field(default_factory=dict)
    cases: dict[int, Known] = field(default_factory=dict)

    def at(self, day: date, about: "About", case: int) -> Rows:
        """Where a row of a case belongs."""
        self.cases[case].days.add(day.toordinal())
        return self.rows.setdefault(Place(day, about.network, about.kind), Rows())


class About(NamedTuple):
    """What a case is, as far as figures ask."""

    network: str
    kind: str
    intent: str
    priority: int


class Line(NamedTuple):
    """One line of the log; a score is of the cycle that was asked about."""

    happening: Happening
    score: int | None
    of_cycle: int


def count(cases: Sequence[int], book: Book, until: datetime | None = None) -> Count:
    """The rows of these cases, from their logs up to a moment; a case without a line by then has none."""
    found = Count()
    told = Case.objects.filter(pk__in=cases).values_list(
        "pk", "network", "kind", "intent", "priority"
    )
    about = {row[0]: About(*row[1:]) for row in told}
    for case, lines in _logs(cases, until).items():
        moments = [line.happening.at for line in lines]
        found.cases[case] = Known(min(moments), max(moments))
        log = [line.happening for line in lines]
        for cycle in cycles.cycles_of(log):
            for span in cycle.spans:
                _put_span(found, span, about[case], book)
        _put_moments(found, lines, log, about[case])
    return found


def microseconds(moment: datetime) -> int:
    """A moment as a number."""
    return (moment - _EPOCH) // _TICK


def moment_of(number: int) -> datetime:
    """And back."""
    return _EPOCH + number * _TICK


def _logs(cases: Sequence[int], until: datetime | None) -> dict[int, list[Line]]:
    """By case what happened, in the order it was written; with what was said elsewhere and stands there now."""
    mine = CaseEvent.objects.filter(case__in=cases)
    moved = CaseEvent.objects.filter(message__case__in=cases).exclude(case__in=cases)
    columns = (*COLUMNS, "data__score", "data__cycle", "pk")
    rows: list[Row] = []
    for asked in (mine, moved):
        if until is not None:
            asked = asked.filter(at__lt=until)
        rows += asked.order_by().values_list(*columns)
    rows.sort(key=lambda row: row[-1])
    logs: dict[int, list[Line]] = {case: [] for case in cases}
    for one, row in paired(rows):
        if one.case in logs:
            logs[one.case].append(Line(one, row[-3], row[-2] or one.cycle))
    return {case: lines for case, lines in logs.items() if lines}


def _put_span(found: Count, span: Span, about: About, book: Book) -> None:
    kind, team = _KIND[span.kind], span.team or 0
    if span.until is None:
        if span.is_open:
            row = (span.case, kind, team, microseconds(span.since), 0, -1, 0)
            found.at(STILL, about, span.case).times.append(row)
        return
    wall = worked = 0
    promised = -1
    if span.counts:
        version = book.promise_for(Facts(*about, span.team), span.kind, span.since, span.until)
        hours = book.hours(version.calendar_id if version else usual(book))
        wall = length(span) // _TICK
        worked = length(span, lambda begun, ended: working(hours, begun, ended)) // _TICK
        if version is None:
            found.cases[span.case].unpromised = True
        else:
            promised = (version.promised(span.kind) or timedelta()) // timedelta(minutes=1)
    row = (span.case, kind, team, wall, worked, promised, _WHY[span.excluded])
    found.at(local_day(span.until), about, span.case).times.append(row)


def _put_moments(
    found: Count, lines: Sequence[Line], log: Sequence[Happening], about: About
) -> None:
    left = {id(one) for one in cycles.sent(log)}
    scores = {
        line.of_cycle: line.score
        for line in lines
        if line.happening.type == CaseEvent.Type.SCORED and line.score is not None
    }
    for line in lines:
        one = line.happening
        what = _what(one, left)
        if what is None:
            continue
        score = scores.get(line.of_cycle, -1) if what == SURVEYED else -1
        row = (one.case, what, one.team or 0, line.of_cycle, score)
        found.at(local_day(one.at), about, one.case).moments.append(row)


def _what(one: Happening, left: set[int]) -> int | None:
    if one.type == CaseEvent.Type.CAME_IN:
        return CAME
    if id(one) in left:
        return ANSWERED if one.actor == CaseEvent.Actor.HUMAN else BY_RULE
    return SURVEYED if one.type == CaseEvent.Type.SURVEYED else None


def usual(book: Book) -> int | None:
    """The calendar to count by where nothing is promised: the only one there is, or none."""
    return next(iter(book.calendars)) if len(book.calendars) == 1 else None


def local_day(moment: datetime) -> date:
    """The day of a moment in the zone of the house."""
    return moment.astimezone(ZoneInfo(settings.TIME_ZONE)).date()


def in_portions(cases: Sequence[int], most: int) -> Iterator[Sequence[int]]:
    """So many at a time."""
    return (cases[place : place + most] for place in range(0, len(cases), most))
