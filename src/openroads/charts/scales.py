"""Small exhibits on a fixed scale: the gap and its chance, a product's strip, a contested pair, a
feeling.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from openroads.charts.fonts import SANS, text_width
from openroads.charts.markup import Element, drawing, el, number

WIDER = 1.25
"""Interface typefaces of readers' machines set wider than ours: Inter by 15%, DejaVu Sans by 23%.
"""


@dataclass(frozen=True, slots=True)
class Scored:
    """A score with its interval and what chance gives, all on 0..100."""

    value: float
    low: float
    high: float
    chance_low: float
    chance_high: float


@dataclass(frozen=True, slots=True)
class ScaleTexts:
    """Words of the gap scale: the sentence heard, then what stands beside its marks. Empty ones are
    not drawn.
    """

    label: str
    value: str
    chance: str
    before: str
    least: str
    most: str


def line_of_text(
    text: str, x: float, y: float, anchor: str, fill: str, *, strong: bool = False
) -> Element:
    """12 px interface text in an exhibit."""
    return el(
        "text",
        text,
        x=x,
        y=y,
        text_anchor=anchor,
        fill=fill,
        font_family="var(--font-sans)",
        font_size=12,
        font_weight="600" if strong else None,
    )


def spread(
    centres: Sequence[float], widths: Sequence[float], left: float, right: float, *, air: float = 8
) -> list[float]:
    """Centres moved as little as need be so that labels in one row do not touch and stay inside;
    same order back.
    """
    order = sorted(range(len(centres)), key=lambda place: centres[place])
    found = list(centres)
    edge = left
    for place in order:
        found[place] = max(found[place], edge + widths[place] / 2)
        edge = found[place] + widths[place] / 2 + air
    edge = right
    for place in reversed(order):
        found[place] = min(found[place], edge - widths[place] / 2)
        edge = found[place] - widths[place] / 2 - air
    return found


def gap_scale(
    score: Scored, texts: ScaleTexts, *, before: float | None = None, width: float = 284
) -> str:
    """The score on 0..100 with its interval, the box that chance gives and, hollow, where it stood
    before.
    """
    inset, y = 7.0, 30.0

    def x(value: float) -> float:
        return inset + (width - 2 * inset) * min(max(value, 0.0), 100.0) / 100.0

    parts: list[Element | None] = [
        el("path", d=f"M{number(inset)} {number(y)}H{number(width - inset)}", stroke="var(--edge)"),
        _chance(x(score.chance_low), x(score.chance_high), y - 8, 16),
        el(
            "path",
            d=f"M{number(x(score.low))} {number(y)}H{number(x(score.high))}",
            stroke="var(--ink)",
            stroke_width=6,
        ),
        _dot(x(score.value), y, 6.5),
    ]
    marks = [
        (texts.chance, x((score.chance_low + score.chance_high) / 2), "var(--chart-axis)", False),
        (texts.value, x(score.value), "var(--ink)", True),
    ]
    if before is not None:
        parts.append(
            el(
                "circle",
                cx=x(before),
                cy=y,
                r=4,
                fill="var(--paper)",
                stroke="var(--ink-3)",
                stroke_width=1.5,
            )
        )
        side = 1 if before >= score.value else -1
        half = text_width(texts.before, 12, family=SANS) * WIDER / 2
        marks.append((texts.before, x(before) + side * (half - 6), "var(--chart-axis)", False))
    marks = [mark for mark in marks if mark[0]]
    widths = [text_width(text, 12, family=SANS, bold=bold) * WIDER for text, _, _, bold in marks]
    for (text, _, fill, bold), centre in zip(
        marks, spread([mark[1] for mark in marks], widths, 0, width), strict=True
    ):
        parts.append(line_of_text(text, centre, 14, "middle", fill, strong=bold))
    for text, place, anchor in ((texts.least, 0.0, "start"), (texts.most, width, "end")):
        if text:
            parts.append(line_of_text(text, place, 54, anchor, "var(--chart-axis)"))
    return drawing(width, 60, texts.label, parts, class_="exhibit gap-scale")


def _chance(left: float, right: float, top: float, height: float) -> Element:
    return el(
        "rect",
        x=left,
        y=top,
        width=max(right - left, 2.0),
        height=height,
        fill="var(--chart-band)",
        stroke="var(--edge)",
    )


def _dot(x: float, y: float, radius: float) -> Element:
    return el("circle", cx=x, cy=y, r=radius, fill="var(--ink)")


def mini_strip(score: Scored | None, *, label: str = "", width: float = 84) -> str:
    """A table row's gap beside its chance, 0..100. Without a score an empty line: the row says why
    in words.
    """
    y, inset = 6.0, 4.0

    def x(value: float) -> float:
        return inset + (width - 2 * inset) * min(max(value, 0.0), 100.0) / 100.0

    parts: list[Element | None] = [
        el("path", d=f"M0 {number(y)}H{number(width)}", stroke="var(--rule)")
    ]
    if score is not None:
        parts += [
            _chance(x(score.chance_low), x(score.chance_high), 1, 10),
            el(
                "path",
                d=f"M{number(x(score.low))} {number(y)}H{number(x(score.high))}",
                stroke="var(--ink)",
                stroke_width=3,
            ),
            _dot(x(score.value), y, 4),
        ]
    return drawing(width, 12, label, parts, class_="exhibit mini-strip")


def pair_strip(they: float, we: float, *, label: str = "", width: float = 62) -> str:
    """Net sentiment of a contested word, -100..100: they a dot, we a square, the distance a thick
    line between.
    """
    y, inset = 6.0, 5.0

    def x(value: float) -> float:
        return inset + (width - 2 * inset) * (min(max(value, -100.0), 100.0) + 100.0) / 200.0

    left, right = sorted((x(they), x(we)))
    parts = [
        el("path", d=f"M0 {number(y)}H{number(width)}", stroke="var(--rule)"),
        el("path", d=f"M{number(x(0))} 1V11", stroke="var(--edge)"),
        el(
            "path",
            d=f"M{number(left)} {number(y)}H{number(right)}",
            stroke="var(--rule)",
            stroke_width=3,
        ),
        el("circle", cx=x(they), cy=y, r=3.5, fill="var(--they)"),
        el("rect", x=x(we) - 3, y=y - 3, width=6, height=6, fill="var(--we)"),
    ]
    return drawing(width, 12, label, parts, class_="exhibit pair-strip")


def feel(tone: float | None, *, label: str = "", width: float = 34) -> str:
    """Tone -1..1 as a dot's place on a short line, then its colour; the word stands beside it. None
    = no dot at all.
    """
    y, inset = 5.0, 4.0
    parts: list[Element | None] = [
        el("path", d=f"M2 5H{number(width - 2)}M{number(width / 2)} 2V8", stroke="var(--edge)")
    ]
    if tone is not None and tone == tone:
        held = min(max(tone, -1.0), 1.0)
        x = inset + (width - 2 * inset) * (held + 1.0) / 2.0
        parts.append(el("circle", cx=x, cy=y, r=3.6, fill=f"var(--{tone_token(held)})"))
    return drawing(width, 10, label, parts, class_="exhibit feel-line")


def tone_token(tone: float) -> str:
    """Name of the colour token of a tone -1..1: orange below, blue above, grey round 0."""
    if abs(tone) < 0.05:
        return "neutral"
    return "neg-2" if tone < 0 else "pos-2"
