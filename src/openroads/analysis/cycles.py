"""What a case's log says of time: its cycles, how long people waited in each, and what does not count.

A cycle runs from the moment a case is opened (again) to the moment it is closed. In a cycle there is one
first response, any number of next responses, and one resolution:

- **First response**: from the first word of theirs to the first answer of a person. What a rule or the house
  sends is no answer of a person. A cycle in which we wrote first has none.
- **Next response**: after the first answer, from the first word of theirs that nobody answered to the answer of a
  person. Several words of theirs in a row wait once, from the first.
- **Resolution**: from opened to closed, less the time in which we waited for them (after an answer, or because their
  last words needed none). Snoozing is not taken off:
  it is our choice to let it lie, and they wait meanwhile.

An answer that was taken back, or that did not leave, is no answer. "Needs no answer any more" (a word of
thanks) ends a wait without an answer.
"""

from collections.abc import Callable, Container, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import groupby

import numpy as np
from numpy.typing import NDArray

from openroads.analysis.intervals import wilson

FIRST, NEXT, RESOLUTION = "first", "next", "resolution"
KINDS = (FIRST, NEXT, RESOLUTION)

# Why something has no time. Each stands in the definitions of webcare's figures.
WE_WROTE_FIRST = "we_wrote_first"
NO_WORD = "no_word"
THANKS = "thanks"
CLOSED_UNANSWERED = "closed_unanswered"
NEEDS_NO_ANSWER = "needs_no_answer"
SPAM = "spam"
MERGED = "merged"
REASONS = (
    WE_WROTE_FIRST, NO_WORD, THANKS, NEEDS_NO_ANSWER, CLOSED_UNANSWERED, SPAM, MERGED
)  # fmt: skip
ENDINGS = {"spam": SPAM, "merged": MERGED, "no_answer": NEEDS_NO_ANSWER}
"""The endings of a case that say why nothing is counted."""
PAUSE_ENDS = frozenset(("came_in", "closed", "reopened", "snoozed", "woke", "failed", "took_back"))


@dataclass(frozen=True, slots=True)
class Happening:
    """One line of the log of a case, as a plain value. `message` tells which answer was taken back or
    failed; `ending` how a case was closed."""

    case: int
    cycle: int
    type: str
    at: datetime
    actor: str
    team: int | None = None
    message: int | None = None
    ending: str = ""


@dataclass(frozen=True, slots=True)
class Span:
    """A time that somebody waited: since when, until when (None: they wait still), and what is taken
    off. `excluded` says why it does not count. `team` is the one that ended it, as it was then; of one that
    waits, the one that has it."""

    kind: str
    case: int
    cycle: int
    since: datetime
    until: datetime | None
    team: int | None
    pauses: tuple[tuple[datetime, datetime], ...] = ()
    excluded: str = ""
    paused_since: datetime | None = None
    """That the clock stands still now: we wait for them."""

    @property
    def is_open(self) -> bool:
        return self.until is None and not self.excluded

    @property
    def counts(self) -> bool:
        return self.until is not None and not self.excluded


@dataclass(slots=True)
class _Wait:
    """From a word of theirs to what ended the wait."""

    since: datetime
    until: datetime | None = None
    ended_by: str = ""
    team: int | None = None


@dataclass(frozen=True, slots=True)
class Cycle:
    """Opened to closed, with what was waited for in it."""

    case: int
    number: int
    opened_at: datetime
    closed_at: datetime | None
    first: Span
    nexts: tuple[Span, ...]
    resolution: Span

    @property
    def spans(self) -> tuple[Span, ...]:
        return (self.first, *self.nexts, self.resolution)


def cycles_of(happenings: Iterable[Happening]) -> list[Cycle]:
    """The cycles of one or more cases, from the lines of their logs in the order they were written."""
    by_case: dict[int, list[Happening]] = {}
    for one in happenings:
        by_case.setdefault(one.case, []).append(one)
    return [cycle for _case, written in sorted(by_case.items()) for cycle in _of_case(written)]


def _of_case(written: Sequence[Happening]) -> list[Cycle]:
    """An answer may fail, or be taken back, when the next cycle has begun: what stands is of the whole
    case."""
    log = in_order(written)
    standing = {id(one) for one in answers(log)}
    logs: dict[int, list[Happening]] = {}
    for one in log:
        logs.setdefault(one.cycle, []).append(one)
    return [_cycle(mine, standing) for _number, mine in sorted(logs.items())]


def in_order(written: Sequence[Happening]) -> list[Happening]:
    """A log by when things happened; what happened at the same moment as it was written. An answer that
    was given at the network itself is seen there, with the network's time: it counts no sooner than the
    words that were known before it, or it would answer nothing."""
    known, found = None, []
    for one in written:
        if one.type == "came_in":
            known = one.at if known is None else max(known, one.at)
        elif one.type == "replied" and known is not None and one.at < known:
            one = replace(one, at=known)
        found.append(one)
    return sorted(found, key=lambda one: one.at)


def sent(log: Sequence[Happening]) -> list[Happening]:
    """What we sent that left and stands: nothing that was taken back or that failed afterwards. What
    failed and was sent again counts from then."""
    standing: list[Happening] = []
    for one in log:
        if one.type == "replied":
            standing.append(one)
        elif one.type in ("took_back", "failed"):
            same = [other for other in standing if other.message == one.message]
            if same:
                standing.remove(same[-1])
    return standing


def answers(log: Sequence[Happening]) -> list[Happening]:
    """The answers of people among it: no rule's and none of the house."""
    return [one for one in sent(log) if one.actor == "human"]


def _cycle(log: Sequence[Happening], standing: Container[int]) -> Cycle:
    opening, closing = log[0], _closing(log)
    stood = [one for one in log if id(one) in standing]
    waits = _waits(log, standing, closing)
    answered_at = stood[0].at if stood else None
    early = [w for w in waits if answered_at is None or w.since <= answered_at]
    ending = ENDINGS.get(closing.ending, "") if closing is not None else ""
    first = _first(opening, log, early, stood, closing)
    nexts = tuple(_span(NEXT, opening, wait, ending) for wait in waits if wait not in early)
    return Cycle(
        opening.case, opening.cycle, opening.at, closing.at if closing else None, first, nexts,
        _resolution(log, closing, ending),
    )  # fmt: skip


def _closing(log: Sequence[Happening]) -> Happening | None:
    """The last line that closes the cycle and after which nothing opened it again: an answer that was
    taken back, or that failed, opens what was closed with it."""
    last = None
    for one in log:
        if one.type == "closed":
            last = one
        elif one.type in ("reopened", "opened", "took_back", "failed"):
            last = None
    return last


def _waits(
    log: Sequence[Happening], standing: Container[int], closing: Happening | None
) -> list[_Wait]:
    waits: list[_Wait] = []
    waiting: _Wait | None = None
    for one in log:
        ends = ""
        if one.type == "came_in":
            if waiting is None:
                waiting = _Wait(one.at)
                waits.append(waiting)
        elif id(one) in standing:
            ends = "answer"
        elif one.type == "thanks":  # who closes says so of what waits: then the ending says why
            ends = CLOSED_UNANSWERED if closing and one.at == closing.at else THANKS
        elif one is closing:
            ends = CLOSED_UNANSWERED
        if waiting is not None:
            waiting.team = one.team
            if ends:
                waiting.until, waiting.ended_by, waiting = one.at, ends, None
        if one is closing:
            break
    if waiting is not None:
        waiting.team = log[-1].team
    return waits


def _span(kind: str, opening: Happening, wait: _Wait, ending: str) -> Span:
    """A wait as a span; one that ended without an answer says why, in the words of the closing when it
    was that."""
    excluded = "" if wait.ended_by in ("answer", "") else wait.ended_by
    if excluded == CLOSED_UNANSWERED:
        excluded = ending or excluded
    if ending in (SPAM, MERGED):
        excluded = ending
    return Span(
        kind, opening.case, opening.cycle, wait.since, wait.until, wait.team, excluded=excluded
    )


def _first(
    opening: Happening,
    log: Sequence[Happening],
    early: Sequence[_Wait],
    stood: Sequence[Happening],
    closing: Happening | None,
) -> Span:
    """The wait the first answer ended; before one, the last that began: what needed no answer is past."""
    ending = ENDINGS.get(closing.ending, "") if closing is not None else ""
    if early:
        answered = [wait for wait in early if wait.ended_by == "answer"]
        return _span(FIRST, opening, (answered or list(early))[-1], ending)
    reason = ending if ending in (SPAM, MERGED) else WE_WROTE_FIRST if stood else NO_WORD
    at = stood[0].at if stood else closing.at if closing else opening.at
    return Span(FIRST, opening.case, opening.cycle, opening.at, at, log[-1].team, excluded=reason)


def _resolution(log: Sequence[Happening], closing: Happening | None, ending: str) -> Span:
    opening, pauses, paused = log[0], list[tuple[datetime, datetime]](), None
    for one in log:
        if paused is not None and one.type in PAUSE_ENDS:
            pauses.append((paused, one.at))
            paused = None
        if one.type in ("waits", "thanks"):
            paused = paused or one.at
        if one is closing:
            break
    return Span(
        RESOLUTION, opening.case, opening.cycle, opening.at, closing.at if closing else None,
        (closing or log[-1]).team, tuple(pauses), excluded=ending,
        paused_since=None if closing else paused,
    )  # fmt: skip


# ---------------------------------------------------------------------------------------- measuring
Clock = Callable[[datetime, datetime], timedelta]


def on_the_wall(since: datetime, until: datetime) -> timedelta:
    """The clock at the wall: night and weekend count."""
    return max(until - since, timedelta())


def length(span: Span, clock: Clock = on_the_wall, now: datetime | None = None) -> timedelta:
    """How long a span took by a clock, what paused it taken off; of one that is open, so far.

    Raises ValueError for one that is open without a `now`."""
    end = span.until or now
    if end is None:
        raise ValueError("What is not over has a length only at a moment.")
    paused = list(span.pauses)
    if span.until is None and span.paused_since is not None:
        paused.append((span.paused_since, end))
    off = sum((clock(since, until) for since, until in paused), timedelta())
    return max(clock(span.since, end) - off, timedelta())


@dataclass(frozen=True, slots=True)
class Times:
    """Lengths in one figure: half took at most `median`, nine in ten at most `p90`, in seconds (None:
    there are none). Quantiles are of type 7 of Hyndman and Fan 1996, as R and NumPy have them."""

    n: int
    median: float | None
    p90: float | None


def times(lengths: Sequence[timedelta]) -> Times:
    """The median and the 90th percentile of lengths."""
    return quantiles(np.array([one.total_seconds() for one in lengths]))


def quantiles(seconds: NDArray[np.float64]) -> Times:
    """The same of lengths in seconds."""
    if not len(seconds):
        return Times(0, None, None)
    median, p90 = np.quantile(seconds, (0.5, 0.9), method="linear")
    return Times(len(seconds), float(median), float(p90))


@dataclass(frozen=True, slots=True)
class Share:
    """A share with its 95% Wilson interval; None when nothing was counted."""

    hits: int
    n: int
    value: float | None
    low: float
    high: float


def share(hits: int, n: int) -> Share:
    """`hits` of `n`."""
    found = wilson(hits, n)
    return Share(hits, n, float(found.value) if n else None, float(found.low), float(found.high))


@dataclass(frozen=True, slots=True)
class Measured:
    """A span with its two lengths and what was promised for it (None: nothing)."""

    span: Span
    wall: timedelta
    working: timedelta
    promised: timedelta | None = None

    @property
    def within(self) -> bool | None:
        return None if self.promised is None else self.working <= self.promised


@dataclass(frozen=True, slots=True)
class Figure:
    """What is said of one kind of time: those that are over by both clocks, the share within what was
    promised of those for which something was, how many wait still, and what does not count and why."""

    kind: str
    wall: Times
    working: Times
    within: Share
    still_open: int
    excluded: dict[str, int] = field(default_factory=dict)

    @property
    def n(self) -> int:
        return self.wall.n

    @property
    def left_out(self) -> int:
        return sum(self.excluded.values())


def figure(kind: str, measured: Sequence[Measured], spans: Iterable[Span]) -> Figure:
    """Of the spans of a kind; `measured` holds those that are over and count."""
    mine = [one for one in measured if one.span.kind == kind]
    others = [one for one in spans if one.kind == kind and not one.counts]
    promised = [one.within for one in mine if one.within is not None]
    reasons = sorted(one.excluded for one in others if one.excluded)
    return Figure(
        kind,
        times([one.wall for one in mine]),
        times([one.working for one in mine]),
        share(sum(promised), len(promised)),
        sum(one.is_open for one in others),
        {reason: len(list(same)) for reason, same in groupby(reasons)},
    )
