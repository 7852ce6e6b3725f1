"""Lines through time: the sparkline of a figure with its band, and the timeline with what was
expected.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from openroads.charts.fonts import SANS, text_width
from openroads.charts.markup import Element, drawing, el, number
from openroads.charts.scales import WIDER, line_of_text


@dataclass(frozen=True, slots=True)
class Moment:
    """One period of a line; `value` None = not measured: the line is broken there, it is not 0."""

    value: float | None
    low: float | None = None
    high: float | None = None
    """The band round the value (sparkline) or what was expected (timeline)."""


@dataclass(frozen=True, slots=True)
class Mark:
    """An event: a thin upright line with words at period `at` (may lie between periods); gold on a
    golden thread.
    """

    at: float
    text: str
    thread: bool = False


def _runs(moments: Sequence[Moment], *, band: bool) -> Iterator[list[int]]:
    """Places of unbroken stretches that have a value (or a band)."""
    run: list[int] = []
    for place, moment in enumerate(moments):
        there = moment.value is not None
        if band:
            there = moment.low is not None and moment.high is not None
        if there:
            run.append(place)
        elif run:
            yield run
            run = []
    if run:
        yield run


def _line(points: Sequence[tuple[float, float]]) -> str:
    return "M" + "L".join(f"{number(x)} {number(y)}" for x, y in points)


@dataclass(frozen=True, slots=True)
class _Field:
    """Maps periods and values to px."""

    left: float
    top: float
    right: float
    bottom: float
    periods: int
    least: float
    most: float

    def x(self, place: float) -> float:
        return self.left + (self.right - self.left) * place / max(self.periods - 1, 1)

    def y(self, value: float) -> float:
        part = (value - self.least) / ((self.most - self.least) or 1.0)
        return self.bottom - (self.bottom - self.top) * part


def _band_path(field: _Field, moments: Sequence[Moment], run: Sequence[int]) -> str:
    upper = [(field.x(p), field.y(moments[p].high or 0.0)) for p in run]
    lower = [(field.x(p), field.y(moments[p].low or 0.0)) for p in reversed(run)]
    return _line([*upper, *lower]) + "Z"


def _drawn(field: _Field, moments: Sequence[Moment], *, thick: float) -> list[Element | None]:
    parts: list[Element | None] = [
        el("path", d=_band_path(field, moments, run), fill="var(--chart-band)")
        for run in _runs(moments, band=True)
        if len(run) > 1
    ]
    for run in _runs(moments, band=False):
        points = [(field.x(p), field.y(moments[p].value or 0.0)) for p in run]
        if len(points) == 1:
            x, y = points[0]
            parts.append(el("circle", cx=x, cy=y, r=thick, fill="var(--chart-line)"))
            continue
        parts.append(
            el(
                "path",
                d=_line(points),
                fill="none",
                stroke="var(--chart-line)",
                stroke_width=thick,
                stroke_linejoin="round",
                stroke_linecap="round",
            )
        )
    return parts


def trend(
    moments: Sequence[Moment],
    label: str,
    *,
    width: float = 200,
    height: float = 34,
    span: tuple[float, float] | None = None,
    marks: Sequence[float] = (),
) -> str:
    """A sparkline of 2 to 60 periods with its band; does not start at zero, so its ends stand
    beside it as figures. With a `span` of values it is one of several on the same scale; `marks` are
    upright lines at places among the periods.
    """
    least, most = span or extent(moments)
    if least == most:
        least, most = least - 1, most + 1
    field = _Field(3, 3, width - 3, height - 3, len(moments), least, most)
    parts: list[Element | None] = []
    if span and least < 0 < most:
        zero = number(field.y(0.0))
        parts.append(el("path", d=f"M3 {zero}H{number(width - 3)}", stroke="var(--chart-grid)"))
    parts += [
        el(
            "path",
            d=f"M{number(field.x(at))} 1V{number(height - 1)}",
            stroke="var(--ink-3)",
            stroke_dasharray="2 3",
        )
        for at in marks
    ]
    parts += _drawn(field, moments, thick=1.25)
    return drawing(width, height, label, parts, class_="exhibit trend-line")


def extent(moments: Sequence[Moment]) -> tuple[float, float]:
    """The least and the greatest of values and bands."""
    figures = [v for m in moments for v in (m.value, m.low, m.high) if v is not None]
    return (min(figures), max(figures)) if figures else (0.0, 1.0)


def nice_ticks(most: float) -> tuple[float, ...]:
    """Zero and at most four round values up to and over `most`."""
    if most <= 0:
        return (0.0, 1.0)
    rough = most / 3
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(n * power for n in (1.0, 2.0, 2.5, 5.0, 10.0) if n * power >= rough)
    return tuple(step * n for n in range(math.ceil(most / step) + 1))


@dataclass(frozen=True, slots=True)
class TimelineTexts:
    """Words of a timeline: the sentence heard, the last value's label, the expected range's, one
    name per tick.

    `periods` holds (place, name) for the axis across; `values` are the written values of
    `nice_ticks`, lowest first.
    """

    label: str
    last: tuple[str, ...] = ()
    expected: tuple[str, ...] = ()
    periods: tuple[tuple[float, str], ...] = ()
    values: tuple[str, ...] = ()


def timeline(
    moments: Sequence[Moment],
    texts: TimelineTexts,
    *,
    marks: Sequence[Mark] = (),
    width: float = 560,
    height: float = 216,
) -> str:
    """A line from zero with the expected range, what sticks out of it tinted, events and a label at
    the line's end.
    """
    figures = [v for m in moments for v in (m.value, m.high) if v is not None]
    ticks = nice_ticks(max(figures, default=0.0))
    ends = [text_width(text, 12, family=SANS, bold=True) for text in (*texts.last, *texts.expected)]
    right = width - (max(ends) * WIDER + 12 if ends else 6)
    field = _Field(4, 20, right, height - 22, len(moments), 0.0, ticks[-1])
    parts: list[Element | None] = list(_grid(field, ticks, texts))
    parts += _drawn(field, moments, thick=2)[: _bands(moments)]
    # One path for all of it: neighbours drawn apart show a seam.
    excess = "".join(_excess(field, moments))
    if excess:
        parts.append(el("path", d=excess, fill="var(--soon-tint)"))
    parts += _drawn(field, moments, thick=2)[_bands(moments) :]
    parts += _marks(field, marks)
    parts += _ends(field, moments, texts)
    return drawing(width, height, texts.label, parts, class_="exhibit timeline")


def _bands(moments: Sequence[Moment]) -> int:
    return sum(len(run) > 1 for run in _runs(moments, band=True))


def _grid(field: _Field, ticks: Sequence[float], texts: TimelineTexts) -> Iterator[Element]:
    for row, tick in enumerate(ticks):
        y = field.y(tick)
        colour = "var(--chart-grid)" if tick else "var(--edge)"
        yield el("path", d=f"M0 {number(y)}H{number(field.right)}", stroke=colour)
        if tick and row < len(texts.values):
            yield line_of_text(texts.values[row], 0, y - 4, "start", "var(--chart-axis)")
    for place, name in texts.periods:
        x = field.x(place)
        anchor = "start" if x < 30 else "end" if x > field.right - 30 else "middle"
        yield line_of_text(name, x, field.bottom + 16, anchor, "var(--chart-axis)")


def _excess(field: _Field, moments: Sequence[Moment]) -> Iterator[str]:
    """Areas between the line and the upper edge of what was expected, where it is above."""
    for run in _runs(moments, band=True):
        measured = [p for p in run if moments[p].value is not None]
        for first, second in pairwise(measured):
            if second != first + 1:
                continue
            over = [(moments[p].value or 0.0) - (moments[p].high or 0.0) for p in (first, second)]
            if max(over) <= 0:
                continue
            ends = [(float(first), over[0]), (float(second), over[1])]
            if min(over) < 0:
                cross = first + over[0] / (over[0] - over[1])
                ends = [(cross, 0.0), ends[1]] if over[0] < 0 else [ends[0], (cross, 0.0)]
            yield _excess_path(field, moments, first, ends)


def _excess_path(
    field: _Field, moments: Sequence[Moment], first: int, ends: Sequence[tuple[float, float]]
) -> str:
    def edge(place: float) -> float:
        here, there = moments[first].high or 0.0, moments[first + 1].high or 0.0
        return here + (there - here) * (place - first)

    upper = [(field.x(p), field.y(edge(p) + over)) for p, over in ends]
    lower = [(field.x(p), field.y(edge(p))) for p, _ in reversed(ends)]
    return _line([*upper, *lower]) + "Z"


def _marks(field: _Field, marks: Sequence[Mark]) -> Iterator[Element]:
    places = _mark_texts(field, marks)
    for mark, place in zip(marks, places, strict=True):
        x = field.x(mark.at)
        yield el(
            "path",
            d=f"M{number(x)} {number(field.top - 6)}V{number(field.bottom)}",
            stroke="var(--thread)" if mark.thread else "var(--ink-3)",
            stroke_dasharray=None if mark.thread else "2 3",
        )
        if place:
            fill = "var(--thread-text)" if mark.thread else "var(--ink-2)"
            yield line_of_text(mark.text, x + (6 if place == "start" else -6), 12, place, fill)


def _mark_texts(field: _Field, marks: Sequence[Mark]) -> list[str]:
    """Where the words of each mark stand: behind its line ("start"), before it ("end"), or nowhere when
    they would touch others or the edge. The latest marks choose first."""
    found, taken = [""] * len(marks), list[tuple[float, float]]()
    for at in sorted(range(len(marks)), key=lambda at: -marks[at].at):
        x = field.x(marks[at].at)
        length = text_width(marks[at].text, 12, family=SANS) * WIDER
        starts = {"start": x + 6, "end": x - 6 - length}
        behind = x <= (field.left + field.right) / 2
        for side in ("start", "end") if behind else ("end", "start"):
            start, end = starts[side], starts[side] + length
            free = all(end + 6 < left or start > right + 6 for left, right in taken)
            if free and start >= 0 and end <= field.right:
                found[at] = side
                taken.append((start, end))
                break
    return found


def _ends(field: _Field, moments: Sequence[Moment], texts: TimelineTexts) -> Iterator[Element]:
    """The dot and words at the line's end, and those of the expected range, moved apart when they
    would touch.
    """
    last = next((p for p in reversed(range(len(moments))) if moments[p].value is not None), None)
    if last is None:
        return
    value = moments[last].value or 0.0
    yield el("circle", cx=field.x(last), cy=field.y(value), r=4, fill="var(--ink)")
    top = field.y(value) + 4
    for row, text in enumerate(texts.last):
        fill = "var(--ink-2)" if row else "var(--ink)"
        yield line_of_text(text, field.right + 9, top + 15 * row, "start", fill, strong=not row)
    low, high = moments[last].low, moments[last].high
    if low is None or high is None:
        return
    under = (field.y(low) + field.y(high)) / 2
    block = 15 * len(texts.last)
    if top - 15 < under < top + block:
        under = top + block
    for row, text in enumerate(texts.expected):
        yield line_of_text(text, field.right + 9, under + 15 * row, "start", "var(--chart-axis)")
