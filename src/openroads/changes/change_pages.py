"""The list of changes and the page of all clocks, as a reader reads them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from openroads.analysis.survival import Durations
from openroads.changes.clocks import TARGET, Clock, Thread, all_clocks, by_quarter, thread_of
from openroads.changes.exhibits import band_words, clock_names, half_words
from openroads.changes.models import Change, Measurement
from openroads.changes.pages import days_words
from openroads.changes.story import brief, interval_of
from openroads.directory.models import Department
from openroads.ui.formats import number, signed

STEPS = {
    Change.State.MAKING: 3, Change.State.STOPPED: 3, Change.State.LIVE: 4, Change.State.TOLD: 5,
    Change.State.MEASURED: 6,
}  # fmt: skip


@dataclass(frozen=True)
class Row:
    """A change in the list: how far its thread came, its clock and how it stands."""

    change: Change
    steps: int
    clock: str
    stands: str
    late: bool


@dataclass(frozen=True)
class Group:
    """The changes of one department."""

    department: Department
    rows: Sequence[Row]


@dataclass(frozen=True)
class ListPage:
    """All that the list shows."""

    finding: str
    groups: Sequence[Group]


@dataclass(frozen=True)
class ClockLine:
    """One stretch in figures: half of all with its band, 85 in a hundred, and the numbers."""

    name: str
    half: str
    band: str
    p85: str
    n: str
    open: str


@dataclass(frozen=True)
class ClockTable:
    """The lines of a department, a quarter, or of all."""

    name: str
    lines: Sequence[ClockLine]


@dataclass(frozen=True)
class ClockCell:
    """One stretch of a department or a quarter: half of all, and the rest in small."""

    half: str
    small: str


@dataclass(frozen=True)
class ClockGrid:
    """Departments, or quarters, beside each other: a column per stretch."""

    heads: Sequence[str]
    rows: Sequence[tuple[str, Sequence[ClockCell]]]


@dataclass(frozen=True)
class ClocksPage:
    """All that the page of clocks shows."""

    finding: str
    told: str
    all: ClockTable
    departments: ClockGrid
    quarters: ClockGrid


def list_page(changes: Sequence[Change], state: str, today: date) -> ListPage:
    """The changes of a state by department."""
    groups: dict[int, tuple[Department, list[Row]]] = {}
    for change in changes:
        kept = groups.setdefault(change.department_id, (change.department, []))
        kept[1].append(_row(change, today))
    return ListPage(
        _finding(changes, Change.State(state), today),
        [Group(department, rows) for department, rows in groups.values()],
    )


def clocks_page(found: Sequence[Thread], names: dict[int, str], today: date) -> ClocksPage:
    """Every clock: of all, per department, and by the quarter in which the insight was opened."""
    every = all_clocks(found, today)
    by_department: dict[int, list[Thread]] = {}
    for one in found:
        by_department.setdefault(one.department, []).append(one)
    departments = sorted((names.get(pk, ""), some) for pk, some in by_department.items())
    quarters = [
        (_("%(quarter)s of %(year)s") % {"quarter": _quarter(begin), "year": begin.year}, some)
        for begin, some in by_quarter(found, today)
    ]
    whole = every[Clock.WHOLE]
    return ClocksPage(
        _clocks_finding(whole), _clocks_told(whole), _table(_("All departments"), every), _grid(departments, today), _grid(quarters, today),
    )  # fmt: skip


def _grid(groups: Sequence[tuple[str, Sequence[Thread]]], today: date) -> ClockGrid:
    heads = list(clock_names().values())
    rows = [
        (name, [_cell(told) for told in all_clocks(some, today).values()]) for name, some in groups
    ]
    return ClockGrid(heads, rows)


def _cell(told: Durations) -> ClockCell:
    if not told.n:
        return ClockCell(_("none yet"), "")
    parts = [_("n %(n)s, %(open)s open") % {"n": number(told.n), "open": number(told.open)}]
    if told.median.high is not None:
        parts.append(band_words(told.median.low, told.median.high))
    if told.p85.value is not None:
        parts.append(_("85 in 100: %(days)s") % {"days": number(told.p85.value)})
    return ClockCell(half_words(told.median.value), "; ".join(parts))


def _quarter(begin: date) -> str:
    names = (_("first quarter"), _("second quarter"), _("third quarter"), _("fourth quarter"))
    return names[(begin.month - 1) // 3]


def _table(name: str, every: dict[Clock, Durations]) -> ClockTable:
    words = clock_names()
    return ClockTable(
        name,
        [
            ClockLine(
                words[clock], half_words(told.median.value), band_words(told.median.low, told.median.high),
                half_words(told.p85.value), number(told.n), number(told.open),
            )
            for clock, told in every.items()
        ],
    )  # fmt: skip


def _clocks_finding(whole: Durations) -> str:
    if not whole.n:
        return _("No change yet to time")
    if whole.median.value is None:
        return _(
            "Less than half of all changes is live: how long half of them take is not known yet"
        )
    told = {"days": days_words(round(whole.median.value)), "target": TARGET}
    if whole.median.value <= TARGET:
        return _("From the first post to live, half of all changes take at most %(days)s") % told
    return _("From the first post to live, half of all changes take %(days)s: more than the %(target)s we promise") % told  # fmt: skip


def _clocks_told(whole: Durations) -> str:
    if not whole.n:
        return ""
    return ngettext(
        "%(n)s change, %(open)s of them still open: these count for as long as they have taken so far.",
        "%(n)s changes, %(open)s of them still open: these count for as long as they have taken so far.",
        whole.n,
    ) % {"n": number(whole.n), "open": number(whole.open)}


def _row(change: Change, today: date) -> Row:
    late = change.is_being_made and today > change.due_on
    return Row(change, STEPS[Change.State(change.state)], _clock(change, today), _stands(change, today), late)  # fmt: skip


def _clock(change: Change, today: date) -> str:
    """Days since the step it waits at began; of one that is through, the whole way."""
    clock = {
        Change.State.MAKING: Clock.LIVE, Change.State.STOPPED: Clock.LIVE,
        Change.State.LIVE: Clock.TOLD,
    }.get(Change.State(change.state), Clock.WHOLE)  # fmt: skip
    span = thread_of(change).span(clock, today)
    if span is None:
        return _("first post unknown")
    words = {
        Clock.LIVE: _("%(days)s since the decision"), Clock.TOLD: _("%(days)s since it is live"),
        Clock.WHOLE: _("%(days)s from the first post to live"),
    }  # fmt: skip
    return words[clock] % {"days": days_words(span[0])}


def _stands(change: Change, today: date) -> str:
    if change.state == Change.State.STOPPED:
        return change.stopped_why
    if change.live_on is None:
        late = (today - change.due_on).days
        if late > 0:
            return _("%(days)s past its day") % {"days": days_words(late)}
        return _("promised for %(day)s") % {"day": brief(change.due_on, today)}
    last = max(change.measurements.all(), key=lambda one: one.on, default=None)
    live = _("live since %(day)s") % {"day": brief(change.live_on, today)}
    if last is None or last.verdict == Measurement.Verdict.EARLY or last.ratio is None:
        return live
    change_words = (
        f"{signed(100 * (last.ratio - 1))}% ({interval_of(last.ratio_low, last.ratio_high)})"
    )
    return f"{last.get_verdict_display()}: {change_words}"


def _finding(changes: Sequence[Change], state: Change.State, today: date) -> str:
    n = len(changes)
    told = {"n": number(n)}
    if state == Change.State.MAKING:
        late = sum(today > change.due_on for change in changes)
        if not n:
            return _("No change is being made")
        made = ngettext("%(n)s change is being made", "%(n)s changes are being made", n) % told
        if not late:
            return _("%(made)s, none past its day") % {"made": made}
        return _("%(made)s, %(late)s past the day promised") % {"made": made, "late": number(late)}
    if state == Change.State.LIVE:
        return _("Nothing waits to be told back") if not n else ngettext("%(n)s change is live and was not told yet", "%(n)s changes are live and were not told yet", n) % told  # fmt: skip
    if state == Change.State.TOLD:
        return _("Every change that was told has its verdict") if not n else ngettext("%(n)s change was told and has no verdict yet", "%(n)s changes were told and have no verdict yet", n) % told  # fmt: skip
    if state == Change.State.STOPPED:
        return _("No change was stopped") if not n else ngettext("%(n)s change was stopped", "%(n)s changes were stopped", n) % told  # fmt: skip
    if not n:
        return _("No change was measured yet")
    fell = sum(1 for change in changes if _fell(change))
    return ngettext("%(n)s change was measured; ", "%(n)s changes were measured; ", n) % told + ngettext(
        "after %(n)s of them people said it less", "after %(n)s of them people said it less", fell
    ) % {"n": number(fell)}  # fmt: skip


def _fell(change: Change) -> bool:
    last = max(change.measurements.all(), key=lambda one: one.on, default=None)
    return last is not None and last.verdict == Measurement.Verdict.FELL
