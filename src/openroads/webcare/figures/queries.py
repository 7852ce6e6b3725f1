"""Reading figures out of the log of cases: what is asked, what may be seen, and what is counted.

Everything comes from `CaseEvent`, in three questions however much there is: the lines of the cases of the
period, the promises and the calendars. As the log only grows, the number of its last line says whether
something counted before still holds.
"""

import hashlib
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.cache import cache
from django.db.models import Max, Q
from django.utils import timezone

from openroads.analysis import cycles
from openroads.analysis.cycles import Figure, Happening, Measured, Share, Span, length, share
from openroads.analysis.worktime import working
from openroads.directory.models import Person, Team
from openroads.directory.policy import has_role
from openroads.directory.roles import Role
from openroads.webcare import policy
from openroads.webcare.clocks.due import COLUMNS, paired
from openroads.webcare.clocks.models import TargetPolicyVersion, WorkCalendarVersion
from openroads.webcare.clocks.queries import Book, Facts, book
from openroads.webcare.models import Case, CaseEvent
from openroads.webcare.queries import teams_of

LONGEST = timedelta(days=400)
WEEKS = 12
KEPT = 600
GOOD = (4, 5)
"""The scores that count as satisfied."""
AGES = (timedelta(hours=1), timedelta(hours=4), timedelta(hours=24), timedelta(days=3))
"""Where the ages of what waits are cut."""
MORE = ("case__kind", "case__intent", "case__priority", "network", "data__score", "data__cycle")


@dataclass(frozen=True, slots=True)
class Asked:
    """What a page is about: the days [since, until) in the house's zone, and of what. None and "" mean all."""

    since: date
    until: date
    team: int | None = None
    network: str = ""
    kind: str = ""

    @property
    def begins(self) -> datetime:
        return _midnight(self.since)

    @property
    def ends(self) -> datetime:
        return _midnight(self.until)


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the log with what its case is."""

    happening: Happening
    kind: str
    facts: tuple[str, int]
    network: str
    score: int | None
    of_cycle: int


@dataclass(slots=True)
class Moments:
    """Contact moments of one network: what they said, what we said and how much of that by rule, in how
    many cases."""

    network: str
    came: int = 0
    answered: int = 0
    by_rule: int = 0
    cases: set[int] = field(default_factory=set)


@dataclass(slots=True)
class Week:
    """What one week brought: its Monday, the times that ended in it, its contact moments."""

    monday: date
    times: dict[str, cycles.Times] = field(default_factory=dict)
    came: int = 0
    answered: int = 0


@dataclass(frozen=True)
class Satisfaction:
    """The share of scores of 4 and 5, of how many scores, and how many of those asked answered."""

    good: Share
    response: Share
    counts: dict[int, int]


@dataclass(frozen=True)
class Reading:
    """Everything the page shows, counted."""

    asked: Asked
    figures: dict[str, Figure]
    waiting: Sequence[datetime]
    """Since when those wait for an answer who wait still at the end of the period, longest first."""
    moments: Sequence[Moments]
    weeks: Sequence[Week]
    satisfaction: Satisfaction


def sees_all(person: Person) -> bool:
    """Whether no team's figures are out of sight: everybody but who only answers for some teams."""
    others = (*policy.LEADS, Role.LISTENER, Role.DEPARTMENT_HEAD, Role.DECISION_MAKER)
    return policy.answers_everywhere(person) or has_role(person, *others)


def teams_for(person: Person) -> list[Team]:
    """The teams whose figures this person may choose."""
    rows = Team.objects.order_by("name")
    if not sees_all(person):
        rows = rows.filter(pk__in=teams_of(person))
    return list(rows)


def asked_of(
    person: Person,
    since: date | None,
    until: date | None,
    team: int | None,
    network: str,
    kind: str,
) -> Asked:
    """What is asked within what may be seen: the last twelve weeks unless days are told, a year at most."""
    today = timezone.localdate()
    last = min(until or today, today) + timedelta(days=1)
    usual = last - timedelta(days=(last - timedelta(days=1)).weekday() + 7 * WEEKS - 6)
    first = since if since is not None and since < last else usual
    return Asked(max(first, last - LONGEST), last, team, network, kind)


def reading(person: Person, asked: Asked) -> Reading:
    """Everything of the period that this person may see; counted anew when something happened."""
    teams = None if sees_all(person) else sorted(teams_of(person))
    key = _key(asked, teams)
    known: Reading | None = cache.get(key)
    if known is None:
        known = _counted(asked, None if teams is None else frozenset(teams))
        cache.set(key, known, KEPT)
    return known


def _key(asked: Asked, teams: Sequence[int] | None) -> str:
    marks = (
        CaseEvent.objects.aggregate(last=Max("pk"))["last"],
        TargetPolicyVersion.objects.aggregate(last=Max("pk"))["last"],
        WorkCalendarVersion.objects.aggregate(last=Max("pk"))["last"],
    )
    told = f"{asdict(asked)} {teams} {marks}"
    return f"webcare-figures-{hashlib.sha256(told.encode()).hexdigest()[:32]}"


def _counted(asked: Asked, teams: frozenset[int] | None) -> Reading:
    lines = _lines(asked)
    found = cycles.cycles_of(line.happening for line in lines)
    about = {line.happening.case: line for line in lines}
    seen = _Seen(asked, teams)
    spans = [
        span
        for cycle in found
        for span in cycle.spans
        if seen.case(about[span.case]) and seen.team(span.team)
    ]
    over = [
        one for one in spans if one.until is not None and asked.begins <= one.until < asked.ends
    ]
    still = [one for one in spans if one.is_open]
    known = book()
    measured = [_measured(one, about[one.case], known) for one in over if one.counts]
    waiting = [one.since for one in still if one.kind != cycles.RESOLUTION]
    sent = _sent(lines)
    in_period = [
        line
        for line in lines
        if line.happening.at >= asked.begins and seen.case(line) and seen.team(line.happening.team)
    ]
    return Reading(
        asked,
        {kind: cycles.figure(kind, measured, (*over, *still)) for kind in cycles.KINDS},
        sorted(waiting),
        _moments(in_period, sent),
        _weeks(asked, measured, in_period, sent),
        _satisfaction(lines, in_period),
    )  # fmt: skip


@dataclass(frozen=True)
class _Seen:
    """Which cases and which teams, as they were then, a page is of."""

    asked: Asked
    teams: frozenset[int] | None

    def case(self, line: Line) -> bool:
        return (not self.asked.network or line.network == self.asked.network) and (
            not self.asked.kind or line.kind == self.asked.kind
        )

    def team(self, team: int | None) -> bool:
        return (self.teams is None or team in self.teams) and (
            self.asked.team is None or team == self.asked.team
        )


def _lines(asked: Asked) -> list[Line]:
    """The whole log, up to the end of the period, of every case in which something happened in it or that
    may have waited all through it."""
    touched = CaseEvent.objects.filter(at__gte=asked.begins, at__lt=asked.ends).values("case")
    slept = Case.objects.filter(Q(closed_at=None) | Q(closed_at__gte=asked.ends)).values("pk")
    of = Q(case__in=touched) | Q(case__in=slept) | Q(case__merged_into__in=touched)
    rows = CaseEvent.objects.filter(of, at__lt=asked.ends).order_by("pk")
    columns = (*COLUMNS, *MORE)
    told = list(rows.values_list(*columns).iterator(chunk_size=5000))
    about = {row[0]: row[len(COLUMNS) : len(columns) - 2] for row in told}
    unknown = ("", "", 0, "")
    return [
        Line(one, kind, (intent, priority), network, row[-2], row[-1] or one.cycle)
        for one, row in paired(told)
        for kind, intent, priority, network in (about.get(one.case, unknown),)
    ]


def _measured(span: Span, line: Line, known: Book) -> Measured:
    assert span.until is not None
    facts = Facts(line.network, line.kind, *line.facts, span.team)
    promised = known.promise_for(facts, span.kind, span.since, span.until)
    calendar = promised.calendar_id if promised else _usual(known)
    hours = known.hours(calendar)
    worked = length(span, lambda since, until: working(hours, since, until))
    return Measured(span, length(span), worked, promised.promised(span.kind) if promised else None)


def _usual(known: Book) -> int | None:
    """The calendar to count by where nothing is promised: the only one there is, or none."""
    return next(iter(known.calendars)) if len(known.calendars) == 1 else None


def _sent(lines: Iterable[Line]) -> set[int]:
    """Which of our messages left and stand, by the identity of their line."""
    logs: dict[int, list[Happening]] = {}
    for line in lines:
        logs.setdefault(line.happening.case, []).append(line.happening)
    return {id(one) for log in logs.values() for one in cycles.sent(log)}


def _moments(lines: Iterable[Line], sent: set[int]) -> list[Moments]:
    """By network, most moments first."""
    found: dict[str, Moments] = {}
    for line in lines:
        one = line.happening
        if one.type != "came_in" and id(one) not in sent:
            continue
        mine = found.setdefault(line.network, Moments(line.network))
        mine.cases.add(one.case)
        if one.type == "came_in":
            mine.came += 1
        else:
            mine.answered += 1
            mine.by_rule += one.actor != "human"
    return sorted(found.values(), key=lambda each: (-each.came - each.answered, each.network))


def _weeks(
    asked: Asked, measured: Sequence[Measured], lines: Iterable[Line], sent: set[int]
) -> list[Week]:
    """Every week of the period, also one in which nothing happened."""
    first, n = _monday(asked.since), 0
    weeks = {}
    while (monday := first + timedelta(days=7 * n)) < asked.until:
        weeks[monday] = Week(monday)
        n += 1
    lengths: dict[tuple[date, str], list[timedelta]] = {}
    for one in measured:
        assert one.span.until is not None
        lengths.setdefault((_monday(_local(one.span.until)), one.span.kind), []).append(one.working)
    for (monday, kind), those in lengths.items():
        weeks[monday].times[kind] = cycles.times(those)
    for line in lines:
        week = weeks[_monday(_local(line.happening.at))]
        week.came += line.happening.type == "came_in"
        week.answered += id(line.happening) in sent
    return list(weeks.values())


def _satisfaction(lines: Sequence[Line], asked_of: Iterable[Line]) -> Satisfaction:
    """Of those asked in the period: the last score of each."""
    asked = {
        (one.happening.case, one.of_cycle) for one in asked_of if one.happening.type == "surveyed"
    }
    scores = {
        (one.happening.case, one.of_cycle): one.score
        for one in lines
        if one.happening.type == "scored" and one.score is not None
    }
    given = [score for key, score in scores.items() if key in asked]
    counts = Counter(given)
    good = sum(counts[score] for score in GOOD)
    return Satisfaction(share(good, len(given)), share(len(given), len(asked)), dict(counts))


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _local(moment: datetime) -> date:
    return moment.astimezone(ZoneInfo(settings.TIME_ZONE)).date()


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=ZoneInfo(settings.TIME_ZONE)).astimezone(UTC)
