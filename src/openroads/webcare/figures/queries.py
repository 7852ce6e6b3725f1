"""Reading figures out of the log of cases: what is asked, what may be seen, and what is counted.

Everything comes from `CaseEvent`. What is kept of it by day (`keeping.py`) is read for the cases of which it
holds; the others are counted from the log here and now: those whose log grew in the last minutes, and, for a
period that is over, those in which something happened after it. As the log only grows, the number of its last
line says whether something counted before still holds.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, datetime, timedelta

import numpy as np
from django.core.cache import cache
from django.db.models import Subquery
from django.utils import timezone

from openroads.analysis import cycles
from openroads.analysis.cycles import Figure, Share, share
from openroads.directory.models import Person, Team
from openroads.directory.policy import has_role
from openroads.directory.roles import Role
from openroads.webcare import policy
from openroads.webcare.clocks.models import TargetPolicyVersion, WorkCalendarVersion
from openroads.webcare.figures.counting import ANSWERED, BY_RULE, CAME, SURVEYED, WHY, moment_of
from openroads.webcare.figures.gathering import Asked, Column, Gathered, gathered, in_groups
from openroads.webcare.models import CaseEvent
from openroads.webcare.queries import teams_of

LONGEST = timedelta(days=400)
WEEKS = 12
KEPT = 600
GOOD = (4, 5)
"""The scores that count as satisfied."""
SECOND, MINUTE = 1_000_000, 60_000_000
"""In the microseconds that rows are counted in."""
RESOLVED = cycles.KINDS.index(cycles.RESOLUTION)
AGES = (timedelta(hours=1), timedelta(hours=4), timedelta(hours=24), timedelta(days=3))
"""Where the ages of what waits are cut."""


@dataclass(slots=True)
class Moments:
    """Contact moments of one network: what they said, what we said and how much of that by rule, in how
    many cases."""

    network: str
    came: int = 0
    answered: int = 0
    by_rule: int = 0
    cases: int = 0


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
    key = _key(person, asked, teams)
    known: Reading | None = cache.get(key)
    if known is None:
        known = counted(asked, None if teams is None else frozenset(teams))
        cache.set(key, known, KEPT)
    return known


def _key(person: Person, asked: Asked, teams: Sequence[int] | None) -> str:
    """What a reading depends on: what is asked, and the last line, promise and hours there are."""
    last = [
        Subquery(model._default_manager.order_by("-pk").values("pk")[:1])
        for model in (CaseEvent, TargetPolicyVersion, WorkCalendarVersion)
    ]
    # One row to hang them on: whoever asks.
    marks = Person.objects.filter(pk=person.pk).values_list(*last).get()
    told = f"{asdict(asked)} {teams} {marks}"
    return f"webcare-figures-{hashlib.sha256(told.encode()).hexdigest()[:32]}"


def counted(asked: Asked, teams: frozenset[int] | None = None) -> Reading:
    """Everything of the period and of these teams; None means all."""
    found = gathered(asked, teams)
    return Reading(
        asked,
        {kind: _figure(place, found) for place, kind in enumerate(cycles.KINDS)},
        [moment_of(int(since)) for since in np.sort(found.still["wall"][found.still["kind"] != RESOLVED])],
        _moments(found),
        _weeks(asked, found),
        _satisfaction(found),
    )  # fmt: skip


def _figure(kind: int, found: Gathered) -> Figure:
    """What `cycles.figure` says, of rows."""
    mine = found.over["kind"] == kind
    over = mine & (found.over["why"] == 0)
    working, promised = found.over["working"][over], found.over["promised"][over]
    known = promised >= 0
    within = working[known] <= promised[known].astype("<i8") * MINUTE
    reasons = np.bincount(found.over["why"][mine], minlength=len(WHY))
    return Figure(
        cycles.KINDS[kind],
        cycles.quantiles(found.over["wall"][over] / SECOND),
        cycles.quantiles(working / SECOND),
        share(int(within.sum()), int(known.sum())),
        int((found.still["kind"] == kind).sum()),
        {why: int(n) for why, n in zip(WHY[1:], reasons[1:], strict=True) if n},
    )


def _moments(found: Gathered) -> list[Moments]:
    """By network, most moments first. A case is of one network."""
    what, network, many = found.moments["what"], found.moment_network, len(found.networks)
    said = what != SURVEYED
    of = {
        kind: np.bincount(network[what == kind], minlength=many)
        for kind in (CAME, ANSWERED, BY_RULE)
    }
    told = []
    for place, name in enumerate(found.networks):
        cases = found.moments["case"][said & (network == place)]
        if len(cases):
            came, by_us, by_rule = (int(of[kind][place]) for kind in (CAME, ANSWERED, BY_RULE))
            told.append(Moments(name, came, by_us + by_rule, by_rule, _distinct(cases)))
    return sorted(told, key=lambda each: (-each.came - each.answered, each.network))


def _distinct(numbers: Column) -> int:
    """How many different ones: by a mark for each number there may be, ten times as quick as sorting."""
    marks = np.zeros(int(numbers.max()) + 1, bool)
    marks[numbers] = True
    return int(marks.sum())


def _weeks(asked: Asked, found: Gathered) -> list[Week]:
    """Every week of the period, also one in which nothing happened."""
    weeks = [Week(monday) for monday in asked.mondays]
    for place, kind in enumerate(cycles.KINDS):
        mine = (found.over["kind"] == place) & (found.over["why"] == 0)
        lengths = found.over["working"][mine] / SECOND
        for week, those in in_groups(lengths, found.over_week[mine]):
            weeks[week].times[kind] = cycles.quantiles(those)
    what = found.moments["what"]
    for week, n in enumerate(np.bincount(found.moment_week[what == CAME], minlength=len(weeks))):
        weeks[week].came = int(n)
    answered = (what == ANSWERED) | (what == BY_RULE)
    for week, n in enumerate(np.bincount(found.moment_week[answered], minlength=len(weeks))):
        weeks[week].answered = int(n)
    return weeks


def _satisfaction(found: Gathered) -> Satisfaction:
    """Of those asked in the period: the last score of each."""
    asked = np.unique(found.moments[found.moments["what"] == SURVEYED][["case", "cycle", "score"]])
    given = asked["score"][asked["score"] >= 0]
    counts = {
        int(score): int(n) for score, n in zip(*np.unique(given, return_counts=True), strict=True)
    }
    good = sum(counts.get(score, 0) for score in GOOD)
    return Satisfaction(share(good, len(given)), share(len(given), len(asked)), counts)
