"""Keeping what was counted from the log, and knowing of which cases it no longer holds.

A line of the log is kept once it is ten minutes old: numbers of lines are given out before they can be
seen, and a transaction of another process may still bring a lower one. What is newer is counted from the log
by whoever asks (`queries.py`), so figures are right at any moment and reading writes nothing.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Any

import numpy as np
from django.conf import settings
from django.db import transaction
from django.db.models import Max, Q

from openroads.webcare.clocks.queries import Book, book
from openroads.webcare.figures import counting
from openroads.webcare.figures.counting import MOMENTS, TIMES, Count, Place, Rows, in_portions
from openroads.webcare.figures.models import Counted, CountedCase, CountedDay
from openroads.webcare.models import CaseEvent

SETTLES = timedelta(minutes=10)
LINES, CASES = 2_000, 500
"""So much is counted at a time."""


def keep_counts(now: datetime, alive: Callable[[], object] = lambda: None) -> int:
    """Count every case whose log grew since the last time, and those that new hours or promises count
    otherwise. Gives how many cases were counted."""
    kept, cases = _begun(now), 0
    while kept.settled < kept.until:
        alive()
        cases += _keep_lines(kept)
        kept = counted()
    known = book()
    again = sorted(counted_otherwise(kept, known))
    for some in in_portions(again, CASES):
        alive()
        if not _keep([counting.count(some, known)], some, kept):
            return cases
    if kept.clocks != clocks_of(known):
        Counted.objects.filter(pk=1, settled=kept.settled).update(clocks=clocks_of(known))
    return cases + len(again)


def counted() -> Counted:
    """How far the log is counted; nothing is, where it was counted by rules that hold no more."""
    found = Counted.objects.filter(pk=1).first()
    return found if found is not None and found.edition == edition() else Counted(pk=1)


def edition() -> str:
    """What rows are made with: a day is one of the zone of the house."""
    return f"{counting.EDITION} {settings.TIME_ZONE}"


def clocks_of(known: Book) -> dict[str, Any]:
    """Which versions of hours and promises there are, and by which hours is counted what nobody promised."""
    promises = sorted(version.pk for versions in known.promises for version in versions)
    return {
        "promises": promises,
        "hours": {str(pk): len(versions) for pk, versions in sorted(known.calendars.items())},
        "usual": counting.usual(known),
    }


def counted_otherwise(kept: Counted, known: Book) -> set[int]:
    """The kept cases that hours and promises of now may count otherwise than those of then: what ended after
    a version began to hold, and what nobody promised when other hours are the usual ones."""
    was, now = kept.clocks, clocks_of(known)
    if was == now or not kept.settled:
        return set()
    begun = [
        version.holds_from
        for versions in known.promises
        for version in versions
        if version.pk not in was.get("promises", ())
    ]
    for calendar, versions in known.calendars.items():
        begun += [since for since, _hours in versions[was.get("hours", {}).get(str(calendar), 0) :]]
    touched = Q(last_at__gt=min(begun)) if begun else Q()
    if was.get("usual") != now["usual"]:
        touched |= Q(unpromised=True)
    return set(CountedCase.objects.filter(touched).values_list("pk", flat=True)) if touched else set()  # fmt: skip


def grown_since(line: int) -> set[int]:
    """The cases whose log has lines after this one, those included in which their messages stand now."""
    lines = CaseEvent.objects.filter(pk__gt=line).order_by()
    return _cases_of(lines.values_list("case", "message__case"))


def astride(moment: datetime) -> set[int]:
    """The kept cases in which something happened before a moment and something else from then on: as things
    stood then, they have to be counted from the log."""
    found = CountedCase.objects.filter(last_at__gte=moment, first_at__lt=moment)
    return set(found.values_list("pk", flat=True))


def _begun(now: datetime) -> Counted:
    """Say which lines may be counted by now: those that were there ten minutes ago."""
    with transaction.atomic():
        kept = _locked()
        if kept.edition != edition():
            CountedDay.objects.all().delete()
            CountedCase.objects.all().delete()
            kept.settled, kept.edition, kept.clocks = 0, edition(), clocks_of(book())
        if kept.seen_at is None or now - kept.seen_at >= SETTLES:
            newest = CaseEvent.objects.aggregate(last=Max("pk"))["last"] or 0
            kept.until, kept.seen, kept.seen_at = kept.seen, newest, now
        kept.save()
    return kept


def _keep_lines(kept: Counted) -> int:
    """Count the cases of the next lines, and how far that is. Gives how many cases were kept."""
    upto = min(kept.settled + LINES, kept.until)
    lines = CaseEvent.objects.filter(pk__gt=kept.settled, pk__lte=upto).order_by()
    cases = sorted(_cases_of(lines.values_list("case", "message__case")))
    known = book()
    found = [counting.count(some, known) for some in in_portions(cases, CASES)]
    return len(cases) if _keep(found, cases, kept, upto) else 0


@transaction.atomic
def _keep(
    found: Sequence[Count], cases: Sequence[int], seen: Counted, upto: int | None = None
) -> bool:
    """Put what was counted in the place of what was kept. It was counted beforehand, because meanwhile nobody
    can write in SQLite; where another process has kept something since, it is let be, and counted again."""
    kept = _locked()
    if (kept.settled, kept.clocks) != (seen.settled, seen.clocks):
        return False
    _put_rows(found, cases)
    if upto is not None:
        kept.settled = upto
        kept.save(update_fields=["settled"])
    return True


def _put_rows(counts: Sequence[Count], cases: Sequence[int]) -> None:
    """The rows of these cases in the place of those they had."""
    found = Count()
    for each in counts:
        found.cases |= each.cases
        for place, more in each.rows.items():
            mine = found.rows.setdefault(place, Rows())
            mine.times += more.times
            mine.moments += more.moments
    had = CountedCase.objects.filter(pk__in=cases).values_list("days", flat=True)
    days = {date.fromordinal(day) for told in had for day in told}
    days |= {place.day for place in found.rows}
    held = CountedDay.objects.filter(day__in=days)
    stored = {Place(one.day, one.network, one.kind): one for one in held}
    out, changed = np.array(cases, counting.CASE), []
    for place in stored.keys() | found.rows.keys():
        one, rows = stored.get(place) or CountedDay(**place._asdict()), found.rows.get(place, Rows())  # fmt: skip
        times = _put(bytes(one.times), TIMES, out, rows.times)
        moments = _put(bytes(one.moments), MOMENTS, out, rows.moments)
        if (times, moments) != (bytes(one.times), bytes(one.moments)):
            changed.append(CountedDay(**place._asdict(), times=times, moments=moments))
    CountedDay.objects.bulk_create(
        changed, batch_size=100, update_conflicts=True, update_fields=["times", "moments"],
        unique_fields=["day", "network", "kind"],
    )  # fmt: skip
    _keep_cases(cases, found)


def _keep_cases(cases: Sequence[int], found: Count) -> None:
    """A case all of whose lines went elsewhere is kept no more."""
    CountedCase.objects.filter(pk__in=set(cases) - found.cases.keys()).delete()
    CountedCase.objects.bulk_create(
        (
            CountedCase(
                pk=case, first_at=known.first_at, last_at=known.last_at, days=sorted(known.days),
                unpromised=known.unpromised,
            )
            for case, known in found.cases.items()
        ),
        batch_size=500, update_conflicts=True, unique_fields=["case"],
        update_fields=["first_at", "last_at", "days", "unpromised"],
    )  # fmt: skip


def _put(kept: bytes, dtype: np.dtype[Any], out: Any, rows: Sequence[tuple[int, ...]]) -> bytes:
    held = np.frombuffer(kept, dtype)
    return held[~np.isin(held["case"], out)].tobytes() + np.array(rows, dtype).tobytes()


def _cases_of(pairs: Iterable[tuple[int, int | None]]) -> set[int]:
    return {case for pair in pairs for case in pair if case is not None}


def _locked() -> Counted:
    """The one row, for this transaction alone."""
    Counted.objects.get_or_create(pk=1)
    return Counted.objects.select_for_update().get(pk=1)
