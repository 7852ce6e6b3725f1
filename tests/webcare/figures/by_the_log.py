"""The figures of webcare counted the long way: the whole log read through for every period, nothing kept.

It says what every figure is, in the words of `analysis.cycles`; what is counted from kept rows must equal it.
"""

from collections import Counter
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings

from openroads.analysis import cycles
from openroads.analysis.cycles import Measured, length, share
from openroads.analysis.worktime import working
from openroads.webcare.clocks.due import COLUMNS, paired
from openroads.webcare.clocks.queries import Facts, book
from openroads.webcare.figures.gathering import Asked
from openroads.webcare.figures.queries import Moments, Reading, Satisfaction, Week
from openroads.webcare.models import Case, CaseEvent


def by_the_log(asked: Asked, teams: frozenset[int] | None = None) -> Reading:
    """Everything of a period, from every line there was at its end."""
    rows = CaseEvent.objects.filter(at__lt=asked.ends).order_by("pk")
    lines = list(paired(rows.values_list(*COLUMNS, "data__score", "data__cycle")))
    facts = {case.pk: case for case in Case.objects.all()}
    known = book()

    def seen(case: int, team: int | None) -> bool:
        about = facts[case]
        return (
            asked.network in ("", about.network)
            and asked.kind in ("", about.kind)
            and (teams is None or team in teams)
            and asked.team in (None, team)
        )

    found = cycles.cycles_of(one for one, _row in lines)
    spans = [one for each in found for one in each.spans if seen(one.case, one.team)]
    over = [one for one in spans if one.until is not None and asked.begins <= one.until < asked.ends]  # fmt: skip
    still = [one for one in spans if one.is_open]
    measured = [_measured(one, facts[one.case], known) for one in over if one.counts]
    logs: dict[int, list[Any]] = {}
    for one, _row in lines:
        logs.setdefault(one.case, []).append(one)
    sent = {id(one) for log in logs.values() for one in cycles.sent(log)}
    told = [(one, row) for one, row in lines if one.at >= asked.begins and seen(one.case, one.team)]
    return Reading(
        asked,
        {kind: cycles.figure(kind, measured, (*over, *still)) for kind in cycles.KINDS},
        sorted(one.since for one in still if one.kind != cycles.RESOLUTION),
        _moments(told, sent, facts),
        _weeks(asked, measured, told, sent),
        _satisfaction(lines, told),
    )


def _measured(span: Any, case: Case, known: Any) -> Measured:
    facts = Facts(case.network, case.kind, case.intent, case.priority, span.team)
    promised = known.promise_for(facts, span.kind, span.since, span.until)
    usual = next(iter(known.calendars)) if len(known.calendars) == 1 else None
    hours = known.hours(promised.calendar_id if promised else usual)
    worked = length(span, lambda since, until: working(hours, since, until))
    return Measured(span, length(span), worked, promised.promised(span.kind) if promised else None)


def _moments(told: Any, sent: set[int], facts: Any) -> list[Moments]:
    found: dict[str, Moments] = {}
    cases: dict[str, set[int]] = {}
    for one, _row in told:
        if one.type != "came_in" and id(one) not in sent:
            continue
        network = facts[one.case].network
        mine = found.setdefault(network, Moments(network))
        cases.setdefault(network, set()).add(one.case)
        mine.came += one.type == "came_in"
        mine.answered += one.type != "came_in"
        mine.by_rule += one.type != "came_in" and one.actor != "human"
        mine.cases = len(cases[network])
    return sorted(found.values(), key=lambda each: (-each.came - each.answered, each.network))


def _weeks(asked: Asked, measured: Any, told: Any, sent: set[int]) -> list[Week]:
    monday = asked.since - timedelta(days=asked.since.weekday())
    weeks = {}
    while monday < asked.until:
        weeks[monday] = Week(monday)
        monday += timedelta(days=7)
    lengths: dict[tuple[date, str], list[timedelta]] = {}
    for one in measured:
        lengths.setdefault((_monday(one.span.until), one.span.kind), []).append(one.working)
    for (begins, kind), those in lengths.items():
        weeks[begins].times[kind] = cycles.times(those)
    for one, _row in told:
        week = weeks[_monday(one.at)]
        week.came += one.type == "came_in"
        week.answered += id(one) in sent
    return list(weeks.values())


def _satisfaction(lines: Any, told: Any) -> Satisfaction:
    asked = {(one.case, row[-1] or one.cycle) for one, row in told if one.type == "surveyed"}
    scores = {
        (one.case, row[-1] or one.cycle): row[-2]
        for one, row in lines
        if one.type == "scored" and row[-2] is not None
    }
    given = [score for key, score in scores.items() if key in asked]
    counts = Counter(given)
    good = counts[4] + counts[5]
    return Satisfaction(share(good, len(given)), share(len(given), len(asked)), dict(counts))


def _monday(moment: datetime) -> date:
    day = moment.astimezone(ZoneInfo(settings.TIME_ZONE)).date()
    return day - timedelta(days=day.weekday())
