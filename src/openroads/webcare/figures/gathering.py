"""Bringing together the rows of a period: those kept by day, and those of cases counted here and now."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import numpy as np
from django.conf import settings
from django.db.models import Q

from openroads.webcare.clocks.queries import Book, book
from openroads.webcare.figures import keeping
from openroads.webcare.figures.counting import (
    CASE,
    MOMENTS,
    TIMES,
    Place,
    count,
    in_portions,
    microseconds,
)
from openroads.webcare.figures.models import STILL, CountedDay
from openroads.webcare.models import Case, CaseEvent

FEW = 2_000
"""So many cases are counted without first asking which of them the period is about."""
Column = np.ndarray[Any, Any]


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

    @property
    def mondays(self) -> list[date]:
        """The weeks of the period, by their Mondays."""
        first = self.since - timedelta(days=self.since.weekday())
        return [first + timedelta(days=n) for n in range(0, (self.until - first).days, 7)]

    def of(self, place: Place) -> bool:
        """Whether rows that stand there may count."""
        return (
            (not self.network or place.network == self.network)
            and (not self.kind or place.kind == self.kind)
            and (place.day == STILL or self.since <= place.day < self.until)
        )


@dataclass(frozen=True)
class Gathered:
    """The rows of a period that somebody may see: what ended in it with its week, what was not over at its
    end, and its moments with their week and network."""

    over: Column
    over_week: Column
    still: Column
    moments: Column
    moment_week: Column
    moment_network: Column
    networks: Sequence[str]


class _Piece(NamedTuple):
    """Rows of one place, kept or counted just now."""

    place: Place
    times: bytes
    moments: bytes
    is_kept: bool


@dataclass(frozen=True)
class _Seen:
    """Which rows count: those of teams, and of the kept ones none of a stale case."""

    team: int | None
    teams: frozenset[int] | None
    stale: Column

    def of(self, rows: Column, n_kept: int) -> Column:
        """Whether each of these rows does; the first so many are kept."""
        fits = np.ones(len(rows), bool)
        if len(self.stale):
            fits[:n_kept] = ~np.isin(rows["case"][:n_kept], self.stale)
        if self.teams is not None:
            fits &= np.isin(rows["team"], sorted(self.teams) or [-1])
        if self.team is not None:
            fits &= rows["team"] == self.team
        return fits


def gathered(asked: Asked, teams: frozenset[int] | None) -> Gathered:
    """Everything of the period; `teams` is of which somebody may see figures, None of all."""
    known, kept = book(), keeping.counted()
    if kept.settled:
        stale = keeping.grown_since(kept.settled) | keeping.astride(asked.ends)
        stale |= keeping.counted_otherwise(kept, known)
        anew = stale if len(stale) <= FEW else stale & _about(asked)
        pieces = [*_kept(asked), *_counted(asked, anew, known)]
    else:
        stale, pieces = set(), list(_counted(asked, _about(asked), known))
    seen = _Seen(asked.team, teams, np.array(sorted(stale), CASE))
    return _together(asked, pieces, seen)


def _about(asked: Asked) -> set[int]:
    """The cases in which something happened in the period, or that may have waited all through it."""
    lines = CaseEvent.objects.filter(at__gte=asked.begins, at__lt=asked.ends).order_by()
    pairs = lines.values_list("case", "message__case")
    slept = Case.objects.filter(Q(closed_at=None) | Q(closed_at__gte=asked.ends)).order_by()
    found = {case for pair in pairs for case in pair if case is not None}
    return found | set(slept.values_list("pk", flat=True))


def _kept(asked: Asked) -> Iterator[_Piece]:
    """What is kept, in one question, so that all of it stood so at one moment."""
    days = Q(day=STILL) | Q(day__gte=asked.since, day__lt=asked.until)
    rows = CountedDay.objects.filter(days)
    if asked.network:
        rows = rows.filter(network=asked.network)
    if asked.kind:
        rows = rows.filter(kind=asked.kind)
    told = rows.values_list("day", "network", "kind", "times", "moments")
    return (
        _Piece(Place(day, network, kind), bytes(times), bytes(moments), True)
        for day, network, kind, times, moments in told
    )


def _counted(asked: Asked, cases: set[int], known: Book) -> Iterator[_Piece]:
    """These cases, counted from the log as it was at the end of the period."""
    for some in in_portions(sorted(cases), keeping.CASES):
        for place, rows in count(some, known, asked.ends).rows.items():
            if asked.of(place):
                times, moments = np.array(rows.times, TIMES), np.array(rows.moments, MOMENTS)
                yield _Piece(place, times.tobytes(), moments.tobytes(), False)


def _together(asked: Asked, pieces: Sequence[_Piece], seen: _Seen) -> Gathered:
    """The rows of all pieces that count. There are some seven a case, so they are copied but once."""
    ended = [one for one in pieces if one.place.day != STILL]
    networks = sorted({one.place.network for one in ended})
    first = asked.mondays[0]
    week = np.array([(one.place.day - first).days // 7 for one in ended], "<i2")
    network = np.array([networks.index(one.place.network) for one in ended], "<i2")
    over, of_time = _rows(ended, "times", TIMES, seen)
    moments, of_moment = _rows(ended, "moments", MOMENTS, seen)
    still, _of = _rows([one for one in pieces if one.place.day == STILL], "times", TIMES, seen)
    still = still[still["wall"] < microseconds(asked.ends)]
    return Gathered(
        over, week[of_time], still, moments, week[of_moment], network[of_moment], networks
    )


def _rows(
    pieces: Sequence[_Piece], name: str, dtype: np.dtype[Any], seen: _Seen
) -> tuple[Column, Column]:
    """The rows of these pieces that count, and of which piece each is. Kept pieces come first."""
    parts = [getattr(one, name) for one in pieces]
    lengths = [len(part) // dtype.itemsize for part in parts]
    n_kept = sum(n for one, n in zip(pieces, lengths, strict=True) if one.is_kept)
    rows = np.frombuffer(b"".join(parts), dtype)
    fits = seen.of(rows, n_kept)
    return rows[fits], np.repeat(np.arange(len(parts), dtype="<i4"), lengths)[fits]


def in_groups(rows: Column, groups: Column) -> Iterator[tuple[int, Column]]:
    """Rows by the number of their group, those that have any."""
    order = np.argsort(groups, kind="stable")  # of small numbers, in one go
    numbers, starts = np.unique(groups[order], return_index=True)
    parts = np.split(rows[order], starts[1:]) if len(numbers) else []
    return zip((int(number) for number in numbers), parts, strict=True)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=ZoneInfo(settings.TIME_ZONE)).astimezone(UTC)
