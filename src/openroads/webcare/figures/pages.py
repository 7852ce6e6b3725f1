"""Figures of webcare in words, with what they are of and what they leave out."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from django.utils.formats import date_format
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from openroads.analysis import cycles
from openroads.analysis.cycles import Figure, Share
from openroads.charts import lines
from openroads.ui.formats import between, day, number, percent, period
from openroads.ui.networks import network_word
from openroads.webcare.clocks.words import length_words
from openroads.webcare.figures.queries import AGES, Reading, Week

FEW = 30
"""Under so many a share is not told."""
FEW_FOR_NINTH = 10
"""Under so many the ninth in ten would be the slowest one."""
NAMES = {
    cycles.FIRST: lambda: pgettext("time", "First reply"),
    cycles.NEXT: lambda: pgettext("time", "Next reply"),
    cycles.RESOLUTION: lambda: pgettext("time", "Solved"),
}
REASONS = {
    cycles.WE_WROTE_FIRST: lambda: _("we wrote first"),
    cycles.NO_WORD: lambda: _("nobody wrote"),
    cycles.THANKS: lambda: _("needed no answer any more"),
    cycles.NEEDS_NO_ANSWER: lambda: _("closed as needing no answer"),
    cycles.CLOSED_UNANSWERED: lambda: _("closed without an answer"),
    cycles.SPAM: lambda: _("spam"),
    cycles.MERGED: lambda: _("part of another case"),
}


@dataclass(frozen=True)
class Tile:
    """One time: half within `median`, nine in ten within `ninth`, by the calendar and by the clock; the
    share within what was promised; of how many, how many wait still, and what is left out and why."""

    kind: str
    name: str
    median: str
    ninth: str
    wall: str
    within: str
    of: str
    excluded: Sequence[tuple[str, str]]
    left_out: str


@dataclass(frozen=True)
class MomentRow:
    """The contact moments of a network."""

    network: str
    came: int
    answered: int
    by_rule: int
    cases: int


@dataclass(frozen=True)
class WeekRow:
    """One week in words."""

    name: str
    first: str
    n: int
    next: str
    resolution: str
    came: int
    answered: int


@dataclass(frozen=True)
class Ages:
    """How long people have waited for an answer: how many in each band, and the longest."""

    told: str
    bands: Sequence[tuple[str, int]]


@dataclass(frozen=True)
class ScoreTile:
    """How satisfied people are, in words."""

    value: str
    interval: str
    of: str
    counts: Sequence[tuple[int, int]]


@dataclass(frozen=True)
class FiguresPage:
    """All that the page shows."""

    finding: str
    told: str
    tiles: Sequence[Tile]
    ages: Ages
    moments: Sequence[MomentRow]
    total: MomentRow
    weeks: Sequence[WeekRow]
    chart: SafeString
    chart_title: str
    score: ScoreTile


def figures_page(read: Reading, now: datetime) -> FiguresPage:
    """Everything that was counted, in words."""
    moments = [
        MomentRow(network_word(one.network), one.came, one.answered, one.by_rule, one.cases)
        for one in read.moments
    ]
    total = MomentRow(
        _("all networks"), sum(one.came for one in moments), sum(one.answered for one in moments),
        sum(one.by_rule for one in moments),
        sum(one.cases for one in moments),
    )  # fmt: skip
    title = _chart_title(read.weeks)
    return FiguresPage(
        finding=_finding(read),
        told=_told(read, total),
        tiles=[tile(read.figures[kind]) for kind in cycles.KINDS],
        ages=_ages(read, now),
        moments=moments,
        total=total,
        weeks=[_week_row(one) for one in read.weeks],
        chart=_chart(read.weeks, title),
        chart_title=title,
        score=_score(read),
    )


def tile(figure: Figure) -> Tile:
    """One time in words."""
    excluded = [(REASONS[why](), number(n)) for why, n in sorted(figure.excluded.items())]
    known = bool(figure.n)
    wall = _("on the clock: half within %(median)s, nine in ten within %(ninth)s") % {
        "median": seconds(figure.wall.median, days=True), "ninth": ninth(figure.wall, days=True),
    }  # fmt: skip
    return Tile(
        figure.kind,
        NAMES[figure.kind](),
        seconds(figure.working.median) if known else _("none yet"),
        ninth(figure.working) if known else "",
        wall if known else _("Nobody in this choice has come to it yet."),
        within(figure.within) if known else "",
        _("n = %(n)s; %(open)s wait still") % {"n": number(figure.n), "open": number(figure.still_open)},
        excluded,
        ngettext("%(n)s left out", "%(n)s left out", figure.left_out) % {"n": number(figure.left_out)},
    )  # fmt: skip


def seconds(value: float | None, *, days: bool = False) -> str:
    """A length in words; unknown where there is none."""
    if value is None:
        return _("unknown")
    return length_words(timedelta(seconds=value), days=days)


def ninth(times: cycles.Times, *, days: bool = False) -> str:
    """The 90th percentile in words; of a few it would only be the slowest."""
    if times.n and times.n < FEW_FOR_NINTH:
        return _("too few to say")
    return seconds(times.p90, days=days)


def within(found: Share) -> str:
    """The share within what was promised, with its interval."""
    if not found.n:
        return _("nothing was promised for these")
    if found.n < FEW:
        return _("%(hits)s of %(n)s within the promised time: too few to say a share") % {
            "hits": number(found.hits), "n": number(found.n),
        }  # fmt: skip
    return _("%(share)s within the promised time (%(interval)s), of %(n)s") % {
        "share": percent(found.value), "n": number(found.n),
        "interval": between(100 * found.low, 100 * found.high),
    }  # fmt: skip


def _finding(read: Reading) -> str:
    first = read.figures[cycles.FIRST]
    if first.n:
        return _("Half of the people who wrote had a first reply within %(time)s") % {
            "time": seconds(first.working.median)
        }
    if first.still_open:
        return ngettext(
            "Nobody was answered in this time; %(n)s person waits",
            "Nobody was answered in this time; %(n)s people wait",
            first.still_open,
        ) % {"n": number(first.still_open)}
    return _("Nobody wrote to us in this time")


def _told(read: Reading, total: MomentRow) -> str:
    days = period(read.asked.since, read.asked.until)
    return _("%(days)s: %(came)s words of theirs and %(answered)s answers in %(cases)s cases.") % {
        "days": days, "came": number(total.came), "answered": number(total.answered),
        "cases": number(total.cases),
    }  # fmt: skip


def _ages(read: Reading, now: datetime) -> Ages:
    end = min(read.asked.ends, now)
    ages = [max(end - since, timedelta()) for since in read.waiting]
    if not ages:
        return Ages(_("Nobody waits for an answer."), ())
    edges = [timedelta(), *AGES, timedelta.max]
    bands = [
        (_band(low, high), sum(low <= age < high for age in ages)) for low, high in pairwise(edges)
    ]
    said = ngettext(
        "%(n)s person waits for an answer, since %(time)s",
        "%(n)s people wait for an answer, the longest since %(time)s",
        len(ages),
    ) % {"n": number(len(ages)), "time": length_words(ages[0], days=True)}
    return Ages(said, bands)


def _band(low: timedelta, high: timedelta) -> str:
    if high == timedelta.max:
        return _("%(time)s and longer") % {"time": length_words(low, days=True)}
    if not low:
        return _("under %(time)s") % {"time": length_words(high)}
    return between_lengths(low, high)


def between_lengths(low: timedelta, high: timedelta) -> str:
    """ "4 h to 24 h"."""
    return pgettext("interval", "%(low)s to %(high)s") % {
        "low": length_words(low), "high": length_words(high, days=True),
    }  # fmt: skip


def _week_row(week: Week) -> WeekRow:
    said = {
        kind: seconds(week.times[kind].median) if kind in week.times else ""
        for kind in cycles.KINDS
    }
    first = week.times.get(cycles.FIRST)
    return WeekRow(
        _("week of %(day)s") % {"day": day(week.monday)}, said[cycles.FIRST], first.n if first else 0,
        said[cycles.NEXT], said[cycles.RESOLUTION], week.came, week.answered,
    )  # fmt: skip


def _chart_title(weeks: Sequence[Week]) -> str:
    """What happened to the first reply: the last week that has one against the middle of those before."""
    known = [one.times[cycles.FIRST].median for one in weeks if cycles.FIRST in one.times]
    found = [one for one in known if one is not None]
    if len(found) < 2:
        return _("Time to the first reply, week by week")
    low, high = min(found), max(found)
    return _("The middle first reply lay between %(low)s and %(high)s a week") % {
        "low": seconds(low), "high": seconds(high),
    }  # fmt: skip


def _chart(weeks: Sequence[Week], label: str) -> SafeString:
    found = [one.times.get(cycles.FIRST) for one in weeks]
    hours = [one.median / 3600 if one and one.median is not None else None for one in found]
    if sum(one is not None for one in hours) < 2:
        return SafeString("")
    last = next(one for one in reversed(hours) if one is not None)
    ticks = lines.nice_ticks(max(one for one in hours if one is not None))
    step = max(1, len(weeks) // 5)
    texts = lines.TimelineTexts(
        label,
        last=(length_words(timedelta(hours=last)),),
        periods=tuple(
            (float(place), date_format(one.monday, "j M"))
            for place, one in enumerate(weeks)
            if place % step == 0
        ),
        values=tuple(
            _("%(n)s h") % {"n": number(tick, 0 if tick % 1 == 0 else 2)} for tick in ticks
        ),
    )
    drawn = lines.timeline([lines.Moment(one) for one in hours], texts, width=744, height=208)
    return mark_safe(drawn)  # noqa: S308 (built element by element, every text escaped)


def _score(read: Reading) -> ScoreTile:
    found = read.satisfaction
    of = _("%(n)s scores of %(asked)s people asked: %(rate)s answered") % {
        "n": number(found.good.n), "asked": number(found.response.n),
        "rate": percent(found.response.value),
    }  # fmt: skip
    if not found.response.n:
        return ScoreTile(_("unknown"), "", _("Nobody was asked how we did."), ())
    counts = [(score, found.counts.get(score, 0)) for score in range(5, 0, -1)]
    if found.good.n < FEW:
        return ScoreTile(_("too few to say"), "", of, counts)
    interval = between(100 * found.good.low, 100 * found.good.high)
    return ScoreTile(percent(found.good.value), interval, of, counts)


def csv_rows(read: Reading) -> Iterator[list[object]]:
    """The weeks as a table: times in minutes of working time, so that a sheet can count on."""
    yield [
        _("week of"), *(f"{NAMES[kind]()}: {word}" for kind in cycles.KINDS for word in (
            _("n"), _("half within, minutes"), _("nine in ten within, minutes")
        )), _("they wrote"), _("we answered"),
    ]  # fmt: skip
    for week in read.weeks:
        row: list[object] = [week.monday.isoformat()]
        for kind in cycles.KINDS:
            times = week.times.get(kind)
            row += [times.n, _minutes(times.median), _minutes(times.p90)] if times else [0, "", ""]
        yield [*row, week.came, week.answered]


def _minutes(value: float | None) -> float | str:
    return "" if value is None else round(value / 60, 2)
