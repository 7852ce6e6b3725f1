"""The line of a question by the week round the day something changed: the levels before and after with
their bands, and the thread's days on it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from openroads.charts.fonts import SANS, text_width
from openroads.charts.lines import nice_ticks
from openroads.charts.markup import Element, drawing, el, number
from openroads.charts.scales import WIDER, line_of_text

TOP, BOTTOM = 44.0, 34.0
"""Room above the field for the words of the days, and below for the months."""
DOT_AT, WORDS_AT = 30.0, 34.0


@dataclass(frozen=True, slots=True)
class Stretch:
    """A level from one place to another (weeks from the first drawn), with its band and two lines of
    words that stand at the right end."""

    begin: float
    end: float
    level: float
    low: float
    high: float
    words: tuple[str, str]


@dataclass(frozen=True, slots=True)
class Day:
    """A day of the thread: where it stands in weeks, and its word."""

    at: float
    word: str


@dataclass(frozen=True, slots=True)
class Texts:
    """The sentence heard, names of months by place, and the written values of `nice_ticks`."""

    label: str
    periods: tuple[tuple[float, str], ...] = ()
    values: tuple[str, ...] = ()


def most_of(weeks: Sequence[float | None], stretches: Sequence[Stretch]) -> float:
    """The greatest value drawn: what `nice_ticks` is asked for."""
    figures = [week for week in weeks if week is not None]
    return max((*figures, *(one.high for one in stretches)), default=0.0)


def before_after(
    weeks: Sequence[float | None],
    stretches: Sequence[Stretch],
    days: Sequence[Day],
    texts: Texts,
    *,
    width: float = 744,
    height: float = 330,
) -> str:
    """Weeks as dots on a line from zero, where None is a week of which nothing is known."""
    ticks = nice_ticks(most_of(weeks, stretches))
    end_words = [word for one in stretches for word in one.words]
    widest = max((text_width(w, 12, family=SANS, bold=True) * WIDER for w in end_words), default=0)
    left = max((text_width(v, 12, family=SANS) for v in texts.values), default=12) + 14
    field = _Field(left, TOP, width - widest - 14, height - BOTTOM, len(weeks), ticks[-1], width)
    parts: list[Element | None] = list(_grid(field, ticks, texts))
    for place, one in enumerate(stretches):
        parts += _stretch(field, one, goes_on=place == 0)
    parts += _threads(field, days)
    parts += _line(field, weeks)
    parts += _ends(field, stretches)
    return drawing(width, height, texts.label, parts, class_="exhibit before-after")


@dataclass(frozen=True, slots=True)
class _Field:
    left: float
    top: float
    right: float
    bottom: float
    weeks: int
    most: float
    edge: float
    """Where the drawing ends; words may stand up to there."""

    def x(self, place: float) -> float:
        """A place in weeks; a week stands in the middle of its days."""
        return self.left + (self.right - self.left) * place / max(self.weeks, 1)

    def y(self, value: float) -> float:
        return self.bottom - (self.bottom - self.top) * value / (self.most or 1.0)


def _grid(field: _Field, ticks: Sequence[float], texts: Texts) -> Iterator[Element]:
    for row, tick in enumerate(ticks):
        y = field.y(tick)
        colour = "var(--chart-grid)" if tick else "var(--edge)"
        yield el(
            "path", d=f"M{number(field.left)} {number(y)}H{number(field.right)}", stroke=colour
        )
        if tick and row < len(texts.values):
            yield line_of_text(texts.values[row], field.left - 8, y + 4, "end", "var(--chart-axis)")
    for place, name in texts.periods:
        x = field.x(place)
        if x + text_width(name, 12, family=SANS) <= field.right:
            yield line_of_text(name, x, field.bottom + 18, "start", "var(--chart-axis)")


def _stretch(field: _Field, one: Stretch, *, goes_on: bool) -> Iterator[Element]:
    """A band and its level; the first level goes on, dotted, so that the other can be held against it."""
    x, end = field.x(one.begin), field.x(one.end)
    top = field.y(one.high)
    yield el(
        "rect", x=x, y=top, width=max(end - x, 0.0), height=max(field.y(one.low) - top, 0.0),
        fill="var(--chart-band)",
    )  # fmt: skip
    y = number(field.y(one.level))
    yield el("path", d=f"M{number(x)} {y}H{number(end)}", stroke="var(--ink)", stroke_width=2)
    if goes_on and end < field.right - 4:
        yield el(
            "path", d=f"M{number(end)} {y}H{number(field.right + 4)}", stroke="var(--ink-3)",
            stroke_dasharray="2 3",
        )  # fmt: skip


def _threads(field: _Field, days: Sequence[Day]) -> Iterator[Element]:
    for day, side in zip(days, _sides(field, days), strict=True):
        x = field.x(day.at)
        yield el(
            "path", d=f"M{number(x)} {number(DOT_AT)}V{number(field.bottom)}", stroke="var(--thread)",
            stroke_width=1.5,
        )  # fmt: skip
        yield el("circle", cx=x, cy=DOT_AT, r=4, fill="var(--thread)")
        if side:
            shift = 8 if side == "start" else -8
            yield line_of_text(day.word, x + shift, WORDS_AT, side, "var(--thread-text)")


def _sides(field: _Field, days: Sequence[Day]) -> list[str]:
    """On which side of its line each word stands: where it touches no other word and no other line;
    nowhere when there is no such side."""
    lines = [field.x(day.at) for day in days]
    found: list[str] = []
    taken: list[tuple[float, float]] = []
    for place, day in enumerate(days):
        x, length = lines[place], text_width(day.word, 12, family=SANS) * WIDER
        chosen = ""
        for side, (start, end) in (
            ("end", (x - 8 - length, x - 8)),
            ("start", (x + 8, x + 8 + length)),
        ):
            others = [at for other, at in enumerate(lines) if other != place]
            free = all(end + 6 < a or start > b + 6 for a, b in taken)
            free = free and not any(start - 6 < at < end + 6 for at in others)
            if free and start >= 0 and end <= min(field.right + 40, field.edge):
                chosen = side
                taken.append((start, end))
                break
        found.append(chosen)
    return found


def _line(field: _Field, weeks: Sequence[float | None]) -> Iterator[Element]:
    run: list[str] = []
    dots: list[Element] = []
    for place, week in enumerate((*weeks, None)):
        if week is not None:
            x, y = field.x(place + 0.5), field.y(week)
            run.append(f"{number(x)} {number(y)}")
            dots.append(el("circle", cx=x, cy=y, r=2.6, fill="var(--ink-2)"))
        elif run:
            yield el(
                "path", d="M" + "L".join(run), fill="none", stroke="var(--ink-3)", stroke_width=1.25,
                stroke_linejoin="round",
            )  # fmt: skip
            run = []
    yield from dots


def _ends(field: _Field, stretches: Sequence[Stretch]) -> Iterator[Element]:
    """The words of each level at the right, moved apart when they would touch."""
    tops: list[float] = []
    for one in sorted(stretches, key=lambda each: -each.level):
        top = field.y(one.level) + 4
        if tops:
            top = max(top, tops[-1] + 34)
        tops.append(top)
        for row, text in enumerate(one.words):
            fill = "var(--ink-3)" if row else "var(--ink)"
            yield line_of_text(
                text, field.right + 10, top + 15 * row, "start", fill, strong=not row
            )
