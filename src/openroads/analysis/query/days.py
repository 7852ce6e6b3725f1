"""Reads the days of a query: `2026`, `2026-01`, `2026-01-05`, ranges of these, and before or after."""

import re
from datetime import date, timedelta

from openroads.analysis.query.faults import Report
from openroads.analysis.query.syntax import Days
from openroads.analysis.sentences import say

_DAY = timedelta(days=1)
_PART = re.compile(r"(\d{4})(?:-(\d{1,2}))?(?:-(\d{1,2}))?")
_TURNED = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})")
FIRST_YEAR, LAST_YEAR = 1971, 2199


def read_days(value: str, start: int, end: int, report: Report) -> Days | None:
    """The days a value means, whole UTC days; None (and a fault) when it means none."""
    value = "".join(value.split()).replace("≥", ">=").replace("≤", "<=")
    sign, written = re.match(r"(>=|<=|[><=]?)(.*)", value, re.DOTALL).groups()  # type: ignore[union-attr]
    low, dots, high = written.partition("..")
    first, last = _span(low), _span(high)
    if dots and not sign and (low or high) and all(_span(each) for each in (low, high) if each):
        since, until = first and first[0], last and last[1]
        if since is None or until is None or since < until:
            return Days(since, until)
        report.fault(
            "turned_range",
            start,
            end,
            say("The first day is later than the last."),
            f"{high}..{low}",
        )
        return None
    if first and not dots:
        return {
            ">": Days(first[1], None),
            ">=": Days(first[0], None),
            "<": Days(None, first[0]),
            "<=": Days(None, first[1]),
        }.get(sign, Days(*first))
    report.fault(
        "odd_date", start, end,
        say("Write days such as 2026-01-05, 2026-01, 2026, 2026-01..2026-03 or >2026-01-05."),
        _unturned(value),
    )  # fmt: skip
    return None


def _span(written: str) -> tuple[date, date] | None:
    """The first day of a year, month or day, and the first after it; None when it is none."""
    found = _PART.fullmatch(written)
    if not found or not FIRST_YEAR <= int(found[1]) <= LAST_YEAR:
        return None
    year, month, day = int(found[1]), int(found[2] or 1), int(found[3] or 1)
    try:
        first = date(year, month, day)
    except ValueError:
        return None
    if found[3]:
        return first, first + _DAY
    if found[2]:
        return first, (first.replace(day=28) + 4 * _DAY).replace(day=1)
    return first, date(year + 1, 1, 1)


def _unturned(value: str) -> str:
    """The value with days as the Dutch write them (5-1-2026) turned round; empty when that is no help."""
    turned = _TURNED.sub(lambda day: f"{day[3]}-{int(day[2]):02}-{int(day[1]):02}", value)
    parts = re.sub(r"^[><=]+", "", turned).split("..")
    good = turned != value and all(_span(part) for part in parts if part)
    return turned if good else ""
