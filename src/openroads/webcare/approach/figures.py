"""How answering by each approach goes: cases, first answers in time, and how long colleagues took."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median

from django.utils.translation import gettext as _

from openroads.analysis.intervals import wilson
from openroads.ui.formats import between, number, percent
from openroads.webcare.approach.models import Approach, CaseApproach, ColleagueQuestion
from openroads.webcare.approach.waiting import covered, spans_of
from openroads.webcare.clocks.words import length_words
from openroads.webcare.models import CaseEvent

PERIOD = timedelta(days=90)
FEW, FEWEST = 30, 5
"""Under 30 rounds no share is told, under 5 waits no median."""


@dataclass(frozen=True)
class Measured:
    """What is known of one approach in a period; `first` are the waits for a first answer, `ours` the same
    without the time a colleague was asked, `asked` the waits for colleagues that answered."""

    approach: Approach
    cases: int
    in_time: int
    late: int
    still_open: int
    first: Sequence[timedelta]
    ours: Sequence[timedelta]
    questions: int
    waiting: int
    asked: Sequence[timedelta]

    @property
    def share_words(self) -> str:
        """Of those of which it is known, how many were answered within the target."""
        if self.approach.minutes is None:
            return _("no target in minutes")
        known = self.in_time + self.late
        if known < FEW:
            return _("too few to say (%(good)s of %(known)s)") % {"good": number(self.in_time), "known": number(known)}  # fmt: skip
        found = wilson(self.in_time, known)
        ends = between(100 * float(found.low), 100 * float(found.high))
        return _("%(share)s, %(interval)s%%, n %(n)s") % {
            "share": percent(self.in_time / known), "interval": ends, "n": number(known)
        }  # fmt: skip

    @property
    def first_words(self) -> str:
        """The usual wait of a person for a first answer."""
        return median_words(self.first)

    @property
    def ours_words(self) -> str:
        """The same, less what a colleague was waited for."""
        return median_words(self.ours)

    @property
    def asked_words(self) -> str:
        """The usual wait for a colleague."""
        return median_words(self.asked)


def median_words(waits: Sequence[timedelta]) -> str:
    """The median in words, with how many it is of; unknown under five."""
    if len(waits) < FEWEST:
        return _("unknown (n %(n)s)") % {"n": number(len(waits))}
    usual = timedelta(seconds=median(wait.total_seconds() for wait in waits))
    return _("%(time)s (n %(n)s)") % {
        "time": length_words(usual, days=True),
        "n": number(len(waits)),
    }


def measured(
    approaches: Sequence[Approach], now: datetime, period: timedelta = PERIOD
) -> list[Measured]:
    """Each approach over the rounds of its cases whose first word came in within the period, in four
    questions for all. Times are by the clock on the wall, nights and weekends counted."""
    placed = dict(
        CaseApproach.objects.filter(approach__in=approaches).values_list("case", "approach")
    )
    rounds = _rounds(list(placed), now - period)
    spans = spans_of(list(placed), now)
    questions = _questions(list(placed), now - period)
    by_approach: dict[int, list[_Round]] = defaultdict(list)
    for one in rounds:
        by_approach[placed[one.case]].append(one)
    asked: dict[int, list[tuple[str, timedelta | None]]] = defaultdict(list)
    for case, state, wait in questions:
        asked[placed[case]].append((state, wait))
    return [_measured(one, by_approach[one.pk], spans, asked[one.pk], now) for one in approaches]


@dataclass(frozen=True, slots=True)
class _Round:
    case: int
    came: datetime
    answered: datetime | None


def _rounds(cases: Sequence[int], since: datetime) -> list[_Round]:
    kinds = (CaseEvent.Type.CAME_IN, CaseEvent.Type.REPLIED)
    rows = CaseEvent.objects.filter(case__in=cases, type__in=kinds, at__gte=since).order_by(
        "at", "pk"
    )
    came: dict[tuple[int, int], datetime] = {}
    answered: dict[tuple[int, int], datetime] = {}
    for case, cycle, kind, actor, at in rows.values_list("case", "cycle", "type", "actor", "at"):
        key = (case, cycle)
        if kind == CaseEvent.Type.CAME_IN:
            came.setdefault(key, at)
        elif key in came and actor == CaseEvent.Actor.HUMAN:
            answered.setdefault(key, at)
    return [_Round(key[0], at, answered.get(key)) for key, at in came.items()]


def _questions(cases: Sequence[int], since: datetime) -> list[tuple[int, str, timedelta | None]]:
    rows = ColleagueQuestion.objects.filter(case__in=cases, asked_at__gte=since)
    answered = ColleagueQuestion.State.ANSWERED
    return [
        (case, state, ended - begun if state == answered and ended else None)
        for case, state, begun, ended in rows.values_list("case", "state", "asked_at", "ended_at")
    ]


def _measured(
    approach: Approach,
    rounds: Sequence[_Round],
    spans: dict[int, list[tuple[datetime, datetime]]],
    asked: Sequence[tuple[str, timedelta | None]],
    now: datetime,
) -> Measured:
    target = timedelta(minutes=approach.minutes) if approach.minutes is not None else None
    first, ours = [], []
    in_time = late = still_open = 0
    for one in rounds:
        wait = (one.answered or now) - one.came
        if one.answered:
            first.append(wait)
            ours.append(wait - covered(spans.get(one.case, ()), one.came, one.answered))
        if target is None:
            continue
        if one.answered and wait <= target:
            in_time += 1
        elif wait > target:
            late += 1  # answered too late, or not at all and too late already
        else:
            still_open += 1
    return Measured(
        approach, len({one.case for one in rounds}), in_time, late, still_open, first, ours,
        len(asked), sum(state == ColleagueQuestion.State.ASKED for state, _wait in asked),
        [wait for _state, wait in asked if wait is not None],
    )  # fmt: skip
