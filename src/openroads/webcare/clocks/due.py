"""What is due for a case: read from its log, worked out with the promises and calendars that held."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from openroads.analysis import cycles, worktime
from openroads.analysis.cycles import Happening, Span
from openroads.webcare.clocks.models import TargetPolicyVersion
from openroads.webcare.clocks.queries import Book, Facts, book
from openroads.webcare.models import Case, CaseEvent

Type = CaseEvent.Type

CHUNK = 500
Row = Sequence[Any]
COLUMNS = (
    "case_id", "cycle", "type", "at", "actor", "team_id", "message_id", "data__ending",
    "message__case_id", "message__cycle",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Due:
    """What is due next: which promise, when, since when it runs, and who promised it."""

    kind: str
    at: datetime
    since: datetime
    promised: TargetPolicyVersion


def facts_of(case: Case) -> Facts:
    """What promises ask of a case, as it is now."""
    return Facts(case.network, case.kind, case.intent, case.priority, case.team_id)


def paired(rows: Iterable[Row]) -> Iterator[tuple[Happening, Row]]:
    """Rows that begin with `COLUMNS`, in the order they were written, as plain values beside themselves.
    What was said belongs to the case in which it stands now: a merge or a split moves it, and a split
    writes down anew what came in."""
    told: set[int] = set()
    for row in rows:
        case, cycle, type, at, actor, team, message, ending, now_in, now_cycle = row[: len(COLUMNS)]
        if now_in is not None and now_in != case:
            case, cycle = now_in, now_cycle
        if type == Type.CAME_IN and message is not None:
            if message in told:
                continue
            told.add(message)
        yield Happening(case, cycle, type, at, actor, team, message, ending or ""), row


def log_of(cases: Sequence[Case]) -> list[Happening]:
    """What happened in these cases in the cycle they are in, as it was written; with what was said
    elsewhere and stands in them now."""
    now = {case.pk: case.cycle for case in cases}
    mine = CaseEvent.objects.filter(case__in=list(now))
    moved = CaseEvent.objects.filter(message__case__in=list(now)).exclude(case__in=list(now))
    rows = [row for told in (mine, moved) for row in told.values_list(*COLUMNS, "pk")]
    rows.sort(key=lambda row: row[-1])
    return [one for one, _row in paired(rows) if now.get(one.case) == one.cycle]


def due_of(case: Case, now: datetime, known: Book | None = None) -> Due | None:
    """What is due for a case; None when it is closed, nothing was promised, or we wait for them."""
    return dues_of([case], now, known).get(case.pk)


def dues_of(cases: Sequence[Case], now: datetime, known: Book | None = None) -> dict[int, Due]:
    """What is due for each of these cases, by number; those for which nothing is are left out."""
    open_ones = {case.pk: case for case in cases if case.is_open}
    if not open_ones:
        return {}
    known = known or book()
    found = {}
    for cycle in cycles.cycles_of(log_of(list(open_ones.values()))):
        facts = facts_of(open_ones[cycle.case])
        due = [one for span in cycle.spans if (one := _due(span, facts, now, known))]
        if due:
            found[cycle.case] = min(due, key=lambda one: one.at)
    return found


def _due(span: Span, facts: Facts, now: datetime, known: Book) -> Due | None:
    if not span.is_open or span.paused_since is not None:
        return None
    promised = known.promise_for(facts, span.kind, span.since, now)
    if promised is None:
        return None
    hours = known.hours(promised.calendar_id)
    amount = promised.promised(span.kind) or timedelta()
    for since, until in span.pauses:
        amount += worktime.working(hours, since, until)
    return Due(span.kind, worktime.add_working(hours, span.since, amount), span.since, promised)
