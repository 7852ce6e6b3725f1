"""Reading patterns: what is loud now, what was, what people made of it, and who is alerted to what."""

from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Count, Prefetch, Q, QuerySet
from django.utils import timezone

from openroads.directory.models import Person
from openroads.listening import policy as room_policy
from openroads.listening.patterns import policy
from openroads.listening.patterns.models import (
    Alert,
    AlertRule,
    BackTest,
    Look,
    Pattern,
    PatternReading,
)

JUDGED = timedelta(days=365)
ENDED_SHOWN = 20


def patterns_for(person: Person) -> QuerySet[Pattern]:
    """Patterns this person may see."""
    if not room_policy.may_read_conversations(person):
        return Pattern.objects.none()
    return Pattern.objects.select_related("topic__brand", "brand", "product__brand")


def open_patterns(person: Person, *, words: bool = False) -> list[Pattern]:
    """What is louder or quieter than expected now, what stands out most first; or this week's words."""
    rows = patterns_for(person).filter(state=Pattern.State.OPEN)
    rows = rows.filter(what="word") if words else rows.exclude(what="word")
    return sorted(rows, key=lambda row: (-standing(row), row.pk))


def ended_patterns(person: Person) -> list[Pattern]:
    """What ended lately, the latest first."""
    rows = patterns_for(person).filter(state=Pattern.State.ENDED).exclude(what="word")
    return list(rows.order_by("-until", "-pk")[:ENDED_SHOWN])


def standing(pattern: Pattern) -> float:
    """How far it stands out: standard deviations beyond what was expected of its whole stretch."""
    deviation = max((pattern.high - pattern.low) / 3.92, 1.0)
    return abs(pattern.excess) / deviation


def readings_of(pattern: Pattern) -> list[PatternReading]:
    """Who saw it and what they made of it, the latest first."""
    rows = pattern.readings.select_related("person").order_by("-seen_at")
    return list(rows[:50])


def reading_of(person: Person, pattern: Pattern) -> PatternReading | None:
    return PatternReading.objects.filter(person=person, pattern=pattern).first()


def alerts_of(pattern: Pattern) -> list[Alert]:
    """What was told of it, the latest first."""
    rows = pattern.alerts.select_related("rule__team", "rule__person").order_by("-at", "-pk")
    return list(rows[:30])


@dataclass(frozen=True)
class Judged:
    """Patterns people said something of: how many were good to know."""

    useful: int
    n: int


def judged_patterns() -> Judged:
    """Of the patterns of a year that were found in time and that somebody judged, how many most of
    those who did found good to know (half is not most)."""
    since = timezone.now() - JUDGED
    said = Pattern.objects.filter(found_at__gte=since, in_time=True).annotate(
        useful=Count("readings", filter=Q(readings__verdict=PatternReading.Verdict.USEFUL)),
        dull=Count("readings", filter=Q(readings__verdict=PatternReading.Verdict.NOT_INTERESTING)),
    )
    pairs = list(said.filter(Q(useful__gt=0) | Q(dull__gt=0)).values_list("useful", "dull"))
    return Judged(sum(useful > dull for useful, dull in pairs), len(pairs))


def rules_for(person: Person) -> QuerySet[AlertRule]:
    """A person's own rules and those of the teams they may alert or are in."""
    if not room_policy.may_read_conversations(person):
        return AlertRule.objects.none()
    mine = Q(person=person) | Q(team__memberships__person=person)
    if policy.may_alert_teams(person):
        mine |= Q(team__isnull=False)
    rows = AlertRule.objects.filter(mine).select_related("person", "team", "by").distinct()
    return rows.prefetch_related(Prefetch("alerts", queryset=Alert.objects.order_by("-at")))


def last_look() -> Look | None:
    """The last look at all series."""
    return Look.objects.first()


TRIALS = 6


def back_tests() -> dict[str, list[BackTest]]:
    """The latest trials by the day and by the hour, newest first."""
    rows = list(BackTest.objects.all()[: 2 * TRIALS])
    return {
        grain: [row for row in rows if row.grain == grain][:TRIALS]
        for grain in (Pattern.Grain.DAY, Pattern.Grain.HOUR)
    }
