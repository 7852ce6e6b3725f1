"""The page that publishes how well bursts are found on this house's own history."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from openroads.analysis.intervals import wilson
from openroads.listening.patterns import queries
from openroads.listening.patterns.models import BackTest, Pattern
from openroads.listening.patterns.trying import LEAST_WEEKS
from openroads.ui.formats import between, day, number, percent, period

FEW = 10
PROMISED = 0.06
"""False alarms a series and week that are promised at most."""


@dataclass(frozen=True)
class Row:
    """A threshold with its alarms."""

    threshold: str
    is_used: bool
    alarms: str
    explained: str
    rate: str
    interval: str


@dataclass(frozen=True)
class FoundRow:
    """A size of planted burst with what was found of it at the threshold in use."""

    size: str
    planted: str
    recall: str
    interval: str
    half: str
    most: str
    others: Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Trial:
    """What was counted by the day, or by the hour; `unknown` says why where nothing was."""

    mark: str
    unknown: str
    rows: Sequence[Row] = ()
    found: Sequence[FoundRow] = ()
    counted: str = ""
    before: Sequence[tuple[str, str, str]] = ()


@dataclass(frozen=True)
class MeasuredPage:
    """All that the page shows."""

    finding: str
    standfirst: str
    precision: str
    precision_interval: str
    precision_counted: str
    by_day: Trial
    by_hour: Trial


def measured_page() -> MeasuredPage:
    """The latest trial, those before it, and what people said of patterns."""
    tests = queries.back_tests()
    by_day = _trial(tests[Pattern.Grain.DAY], Pattern.Grain.DAY)
    test = next(iter(tests[Pattern.Grain.DAY]), None)
    judged = queries.judged_patterns()
    share = wilson(judged.useful, judged.n)
    enough = judged.n >= FEW
    finding, standfirst = _headline(test)
    return MeasuredPage(
        finding=finding,
        standfirst=standfirst,
        precision=percent(float(share.value)) if enough else _("too few to say"),
        precision_interval=between(100 * float(share.low), 100 * float(share.high)) if enough else "",
        precision_counted=ngettext(
            "%(useful)s of %(n)s pattern that people judged in a year",
            "%(useful)s of %(n)s patterns that people judged in a year",
            judged.n,
        ) % {"useful": number(judged.useful), "n": number(judged.n)},
        by_day=by_day,
        by_hour=_trial(tests[Pattern.Grain.HOUR], Pattern.Grain.HOUR),
    )  # fmt: skip


def _trial(tests: Sequence[BackTest], grain: str) -> Trial:
    """The latest trial in words, and those before it of which there is something to tell."""
    if not tests:
        return Trial(grain, _("Not measured yet; it is done once a week."))
    test = tests[0]
    if not test.alarms:
        return Trial(grain, _why_unknown(test))
    return Trial(
        grain,
        "",
        [_row(row, test) for row in test.alarms],
        _found(test),
        _counted(test),
        [_before(other) for other in tests[1:] if other.alarms],
    )


def _why_unknown(test: BackTest) -> str:
    """By the hour: too young a house, or too quiet a one."""
    told = {"weeks": _weeks(test.weeks), "least": number(LEAST_WEEKS), "day": day(test.made_at)}
    if test.weeks < LEAST_WEEKS:
        return _("Unknown, %(weeks)s: at least %(least)s weeks of posts are needed, ten to learn the hours of a week from and four to judge. Looked at on %(day)s.") % told  # fmt: skip
    return _("Unknown, %(weeks)s: no series brought 48 posts a day, and only such are watched by the hour. Looked at on %(day)s.") % told  # fmt: skip


def _weeks(n: int) -> str:
    return ngettext("%(n)s week", "%(n)s weeks", n) % {"n": number(n)}


def _used(test: BackTest) -> dict[str, Any]:
    return next(row for row in test.alarms if row["chance"] == test.chance)


def _headline(test: BackTest | None) -> tuple[str, str]:
    if test is None:
        return (
            _("Not measured yet"),
            _("Once there are twelve weeks of posts, the detector is tried out on them every week: how often it raises a false alarm, and how many planted bursts it finds."),
        )  # fmt: skip
    used = _used(test)
    told = {"rate": number(used["rate"], 3), "range": between(used["low"], used["high"], 3)}
    false = used["alarms"] - used["explained"]
    if false:
        weeks = used["weeks"] / false
        finding = _("About one false alarm a series in %(weeks)s weeks") % {"weeks": number(weeks)}  # fmt: skip
    else:
        finding = _("No series raised a false alarm")
    return finding, _("%(rate)s false alarms a series and week (%(range)s), counted on our own history: every alarm that no marked event explains counts as false, also the true ones nobody marked.") % told  # fmt: skip


def _threshold(chance: float) -> str:
    return _("1 in %(n)s") % {"n": number(1 / chance)}


def _row(row: dict[str, Any], test: BackTest) -> Row:
    return Row(
        _threshold(row["chance"]),
        row["chance"] == test.chance,
        number(row["alarms"]),
        number(row["explained"]),
        number(row["rate"], 3),
        between(row["low"], row["high"], 3),
    )


def _found(test: BackTest) -> list[FoundRow]:
    sizes = sorted({row["times"] for row in test.found})
    found = []
    for size in sizes:
        rows = [row for row in test.found if row["times"] == size]
        used = next(row for row in rows if row["chance"] == test.chance)
        if not used["planted"]:  # every stretch of it was taken by what stood out by itself
            continue
        share = wilson(used["found"], used["planted"])
        found.append(
            FoundRow(
                _("%(n)s times what was expected")
                % {"n": number(size, 0 if size == int(size) else 1)},
                number(used["planted"]),
                percent(float(share.value)),
                between(100 * float(share.low), 100 * float(share.high)),
                _delay(used["half_after"], test),
                _delay(used["most_after"], test),
                [
                    (_threshold(row["chance"]), percent(row["found"] / row["planted"]))
                    for row in rows
                    if row["chance"] != test.chance and row["planted"]
                ],
            )
        )
    return found


def _delay(value: float | None, test: BackTest) -> str:
    """How long until it was noticed, as fine as was counted."""
    if value is None:
        return _("unknown")
    if test.grain == Pattern.Grain.HOUR:
        hours = round(24 * value)
        return ngettext("%(n)s hour", "%(n)s hours", hours) % {"n": number(hours)}
    return ngettext("%(n)s day", "%(n)s days", round(value)) % {"n": number(value)}


def _counted(test: BackTest) -> str:
    return _("%(series)s series, %(weeks)s series weeks (%(period)s), tried on %(day)s in %(seconds)s seconds; draw %(seed)s.") % {
        "series": number(test.series), "weeks": number(_used(test)["weeks"]),
        "period": period(test.since, test.until), "day": day(test.made_at),
        "seconds": number(test.seconds, 1), "seed": test.seed,
    }  # fmt: skip


def _before(test: BackTest) -> tuple[str, str, str]:
    used = _used(test)
    return day(test.made_at), number(used["rate"], 3), between(used["low"], used["high"], 3)
