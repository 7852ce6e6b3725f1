"""A positioning map: things on two shares, each with its intervals as a cross; nothing is projected."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from openroads.charts.fonts import SANS, text_width
from openroads.charts.lines import nice_ticks
from openroads.charts.markup import Element, drawing, el, number
from openroads.charts.scales import WIDER, line_of_text

Scale = Callable[[float], float]
"""A value's place in px."""


@dataclass(frozen=True, slots=True)
class Ranged:
    """A value with the ends of its interval."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Placed:
    """One thing on the map; ours is drawn as a square."""

    name: str
    across: Ranged
    up: Ranged
    ours: bool = False


@dataclass(frozen=True, slots=True)
class MapTexts:
    """Words of a map: the sentence heard and the names of both axes; `unit` follows every tick."""

    label: str
    across: str
    up: str
    unit: str = "%"


def positions(
    placed: Sequence[Placed], texts: MapTexts, *, width: float = 520, height: float = 400
) -> str:
    """The map, from zero on both axes."""
    across = nice_ticks(max((each.across.high for each in placed), default=1.0))
    up = nice_ticks(max((each.up.high for each in placed), default=1.0))
    left, top, right, bottom = 34.0, 26.0, width - 12.0, height - 42.0

    def x(value: float) -> float:
        return left + (right - left) * value / across[-1]

    def y(value: float) -> float:
        return bottom - (bottom - top) * value / up[-1]

    parts: list[Element | None] = []
    for tick in across:
        colour = "var(--chart-grid)" if tick else "var(--edge)"
        parts.append(
            el("path", d=f"M{number(x(tick))} {number(top)}V{number(bottom)}", stroke=colour)
        )
        parts.append(
            line_of_text(
                _tick(tick, texts.unit), x(tick), bottom + 16, "middle", "var(--chart-axis)"
            )
        )
    for tick in up:
        colour = "var(--chart-grid)" if tick else "var(--edge)"
        parts.append(
            el("path", d=f"M{number(left)} {number(y(tick))}H{number(right)}", stroke=colour)
        )
        if tick:
            parts.append(
                line_of_text(
                    _tick(tick, texts.unit), left - 5, y(tick) + 4, "end", "var(--chart-axis)"
                )
            )
    parts.append(line_of_text(texts.up, 0, 12, "start", "var(--ink-2)", strong=True))
    parts.append(line_of_text(texts.across, right, height - 6, "end", "var(--ink-2)", strong=True))
    taken: list[tuple[float, float]] = []
    for each in sorted(placed, key=lambda one: -one.up.value):
        parts += _cross(each, x, y, right, taken)
    return drawing(width, height, texts.label, parts, class_="exhibit positions")  # fmt: skip


def _tick(value: float, unit: str) -> str:
    return f"{value:g}{unit}"


def _cross(
    each: Placed, x: Scale, y: Scale, right: float, taken: list[tuple[float, float]]
) -> list[Element]:
    """A cross with its name above its arm, or below where another name stands close."""
    place_x, place_y = x(each.across.value), y(each.up.value)
    colour = "var(--we)" if each.ours else "var(--ink-2)"
    lines = (
        f"M{number(x(each.across.low))} {number(place_y)}H{number(x(each.across.high))}"
        f"M{number(place_x)} {number(y(each.up.low))}V{number(y(each.up.high))}"
    )
    mark = (
        el("rect", x=place_x - 4.5, y=place_y - 4.5, width=9, height=9, fill=colour)
        if each.ours
        else el("circle", cx=place_x, cy=place_y, r=4.5, fill=colour)
    )
    length = text_width(each.name, 12, family=SANS, bold=True) * WIDER
    behind = place_x + 9 + length <= right
    close = any(abs(px - place_x) < length + 24 and abs(py - place_y) < 26 for px, py in taken)
    taken.append((place_x, place_y))
    label = line_of_text(
        each.name, place_x + (9 if behind else -9), place_y + (16 if close else -8), "start" if behind else "end",
        colour, strong=True,
    )  # fmt: skip
    return [el("path", d=lines, stroke=colour, stroke_width=1.5, fill="none"), mark, label]
