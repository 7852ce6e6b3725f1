"""The line of one series with what was expected of it and what happened, by the week or by the day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from openroads.analysis.expected import interval
from openroads.charts import lines
from openroads.listening.patterns.looking import Heard
from openroads.ui.formats import between, day, number

WEEKS = 26
DAYS_SHOWN = 56
LONG = timedelta(days=10)
"""What lasts longer is drawn by the week, as half a year; shorter by the day, as eight weeks."""


@dataclass(frozen=True)
class Step:
    """A week or a day of a series; None where it is not known."""

    on: date
    posts: float | None
    low: float | None
    high: float | None

    @property
    def stands_out(self) -> bool:
        return self.posts is not None and self.high is not None and self.posts > self.high


@dataclass(frozen=True)
class Line:
    """Everything drawn of a series."""

    steps: tuple[Step, ...]
    days: int
    """Days that one step holds."""

    @property
    def since(self) -> date:
        return self.steps[0].on

    @property
    def until(self) -> date:
        return self.steps[-1].on + timedelta(days=self.days)


def line_of(heard: Heard, key: str, *, by_week: bool) -> Line | None:
    """The line of a series up to the last whole day; None where it is not counted any more."""
    row = heard.counts.row(key)
    whole = heard.counts.moments - heard.partial
    if row is None or whole < 7:
        return None
    size, most = (7, WEEKS) if by_week else (1, DAYS_SHOWN)
    steps = min(most, whole // size)
    begins = [whole - size * n for n in range(steps, 0, -1)]
    return Line(tuple(_step(heard, row, at, size) for at in begins), size)


def _step(heard: Heard, row: int, at: int, size: int) -> Step:
    inside = slice(at, at + size)
    posts, mean = heard.counts.posts[row, inside], heard.told.mean[row, inside]
    known = np.isfinite(posts)
    low = high = None
    if np.isfinite(mean).all() and known.any():
        total = float(mean.sum())
        variance = float(heard.told.variance[row, inside].sum())
        wide = max(variance - total, 0.0) / total**2 if total > 0 else 0.0
        low, high = interval(total, wide)
    enough = known.sum() * 2 > size
    told = float(posts[known].sum()) if enough else None
    return Step(heard.first + timedelta(days=at), told, low, high)


def measure_of(line: Line) -> str:
    """What the line shows."""
    if line.days == 7:
        return _("Posts in each seven days; grey: what the weeks before lead one to expect")
    return _("Posts a day; grey: what the weeks before lead one to expect")


def drawn(
    line: Line, label: str, marks: Sequence[tuple[date, str]], *, width: float = 560, height: float = 216
) -> SafeString:  # fmt: skip
    """The line as a drawing; marks outside it are left out."""
    moments = [lines.Moment(step.posts, step.low, step.high) for step in line.steps]
    most = max((max(step.posts or 0, step.high or 0) for step in line.steps), default=0)
    last = line.steps[-1]
    texts = lines.TimelineTexts(
        label=label,
        last=(number(last.posts), _("last 7 days") if line.days == 7 else _("last day")),
        expected=(_("expected"), between(last.low, last.high)) if last.high is not None else (),
        periods=tuple(_names(line, width)),
        values=tuple(number(value) for value in lines.nice_ticks(float(most))),
    )
    placed = [
        lines.Mark((on - line.since).days / line.days, what)
        for on, what in marks
        if line.since <= on < line.until
    ]
    svg = lines.timeline(moments, texts, marks=placed, width=width, height=height)
    return mark_safe(svg)  # noqa: S308 (built element by element, every text escaped)


def _names(line: Line, width: float) -> list[tuple[float, str]]:
    """A name at the first step of each month, none touching; by the day one a fortnight."""
    apart = len(line.steps) * 72 / width
    names: list[tuple[float, str]] = []
    for place, step in enumerate(line.steps):
        if line.days == 7:
            begins = place == 0 or line.steps[place - 1].on.month != step.on.month
        else:
            begins = step.on.weekday() == 0
        if begins and (not names or place - names[-1][0] >= apart):
            names.append((float(place), date_format(step.on, "F" if line.days == 7 else "j M")))
    return names


def as_table(line: Line) -> SafeString:
    """The same figures as a table, the latest first."""
    head = _("Seven days from") if line.days == 7 else _("Day")
    body = format_html_join(
        "", '<tr><th scope="row">{}</th><td class="n">{}</td><td class="n">{}</td></tr>',
        ((day(step.on), number(step.posts), between(step.low, step.high)) for step in reversed(line.steps)),
    )  # fmt: skip
    return format_html(
        '<table class="table tight"><thead><tr><th scope="col">{}</th><th scope="col" class="n">{}</th>'
        '<th scope="col" class="n">{}</th></tr></thead><tbody>{}</tbody></table>',
        head, _("Posts"), _("Expected"), body,
    )  # fmt: skip
