"""Our time and theirs: how long a case waited for colleagues, so that it is not called ours."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from django.utils import timezone

from openroads.webcare.approach.models import ColleagueQuestion
from openroads.webcare.models import Case

Span = tuple[datetime, datetime]


def covered(spans: Iterable[Span], since: datetime, until: datetime) -> timedelta:
    """How much of [since, until) the spans cover; where they overlap it counts once."""
    total, reached = timedelta(0), since
    for begin, end in sorted(spans):
        begin, end = max(begin, reached), min(end, until)
        if end > begin:
            total += end - begin
            reached = end
    return total


def spans_of(cases: Sequence[int], now: datetime) -> dict[int, list[Span]]:
    """For each case, from when to when somebody was asked; what is still asked runs until now."""
    rows = ColleagueQuestion.objects.filter(case__in=cases).values_list(
        "case", "asked_at", "ended_at"
    )
    found: dict[int, list[Span]] = {}
    for case, asked, ended in rows:
        found.setdefault(case, []).append((asked, ended or now))
    return found


def colleague_seconds(
    case: Case, *, since: datetime | None = None, until: datetime | None = None
) -> int:
    """Whole seconds in which a case waited for a colleague, from the question to its answer (or until it
    was withdrawn or too long ago), within a stretch of time: by default from its opening until now. Take it
    from how long a person waited, and what is left is our own time."""
    now = timezone.now()
    begin, end = since or case.opened_at, until or now
    return int(covered(spans_of([case.pk], now).get(case.pk, []), begin, end).total_seconds())
