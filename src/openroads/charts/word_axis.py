"""The word axis, the signature of the brand gap: where a word stands says how sure, its size how
often.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from openroads.charts.fonts import SANS, text_width
from openroads.charts.layout import LEAST_HEIGHT, AxisWord, Box, Layout, PlacedWord, lay_out
from openroads.charts.markup import Element, drawing, el, number
from openroads.charts.scales import WIDER, line_of_text

Tone = Literal["they", "we", "contested", "both"]

_COLOUR = {
    "they": "var(--they)",
    "we": "var(--we)",
    "contested": "var(--ink)",
    "both": "var(--ink-3)",
}
_AXIS_INK = "var(--chart-axis)"
_MARGIN = 8.0
_HEAD = 22.0
_FOOT = 34.0


@dataclass(frozen=True, slots=True)
class DrawnWord:
    """A word of the axis: what is shown, in which language, where (negative = they), how often, in
    whose colour.

    `href` makes it a link; `name` is what a screen reader says for it (empty = the word itself).
    """

    key: str
    text: str
    language: str
    place: float
    rate: float
    tone: Tone
    href: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True)
class AxisTexts:
    """The sentences of the exhibit in the reader's language; an empty one is not drawn."""

    label: str
    they_more: str
    we_more: str
    no_difference: str


@dataclass(frozen=True, slots=True)
class AxisShape:
    """Size of the exhibit in px and of its words; `most` words at most. See `WIDE` and `NARROW`."""

    width: float
    height: float
    smallest: float
    largest: float
    most: int


WIDE = AxisShape(836, 384, 13, 39, 50)
NARROW = AxisShape(360, 420, 13, 26, 24)
"""For phones: fewer words, the same rules."""


def word_axis(
    words: Sequence[DrawnWord],
    texts: AxisTexts,
    *,
    shape: AxisShape = WIDE,
    band: float = 3.3,
    selected: str = "",
) -> str:
    """The exhibit as SVG. `band` is the place up to which no difference can be seen; `selected` a
    key to be framed.

    Colours are tokens (`var(--they)`), so one drawing serves light and dark; `colours.literal`
    makes it printable.
    """
    chosen = sorted(words, key=lambda word: (-word.rate, word.key))[: shape.most]
    crowded = _crowded(texts, shape)
    foot = _FOOT + (16 if crowded else 0)
    frame = Box(_MARGIN, _HEAD + 2, shape.width - _MARGIN, shape.height - foot - 2)
    items = [AxisWord(word.key, word.text, word.place, word.rate) for word in chosen]
    linked = any(word.href for word in chosen)
    # What everybody says alike is often said most; it may not make all that differs small.
    differs = [word.rate for word in chosen if word.tone != "both"]
    layout = lay_out(
        items,
        frame,
        smallest=shape.smallest,
        largest=shape.largest,
        top_rate=max(differs, default=0.0),
        least_height=LEAST_HEIGHT if linked else 0.0,
        band=band,
    )
    known = {word.key: word for word in chosen}
    parts: list[Element | None] = [
        *_ground(layout, texts, shape, band, crowded=crowded),
        *(_word(placed, known[placed.word.key], selected) for placed in layout.placed),
        *_axis(layout, shape, shape.height - foot + 10),
    ]
    return drawing(
        shape.width, shape.height, texts.label, parts, class_="exhibit word-axis", links=linked
    )


def _crowded(texts: AxisTexts, shape: AxisShape) -> bool:
    """Whether the three labels do not fit on one line; the middle one then goes below the axis."""
    ends = (texts.they_more, texts.we_more)
    widest = max(text_width(text, 12, family=SANS, bold=True) for text in ends)
    between = text_width(texts.no_difference, 12, family=SANS)
    return WIDER * (2 * widest + between) > shape.width - 2 * _MARGIN - 24


def _ground(
    layout: Layout, texts: AxisTexts, shape: AxisShape, band: float, *, crowded: bool
) -> list[Element | None]:
    left, right = layout.scale.x(-band), layout.scale.x(band)
    foot = _FOOT + (16 if crowded else 0)
    below = shape.height - 4 if crowded else 13
    return [
        el(
            "rect",
            x=left,
            y=_HEAD,
            width=right - left,
            height=shape.height - foot - _HEAD,
            fill="var(--chart-band)",
            fill_opacity="0.55",
        ),
        line_of_text(texts.they_more, _MARGIN, 13, "start", "var(--they)", strong=True),
        line_of_text(texts.we_more, shape.width - _MARGIN, 13, "end", "var(--we)", strong=True),
        line_of_text(texts.no_difference, shape.width / 2, below, "middle", _AXIS_INK),
    ]


def _word(placed: PlacedWord, word: DrawnWord, selected: str) -> Element:
    box, chosen = placed.box, bool(selected) and word.key == selected
    framed = chosen or bool(word.href)
    tint = "var(--we-tint)" if word.tone == "we" else "var(--they-tint)"
    parts = [
        el(
            "rect",
            x=box.left + 1,
            y=box.top,
            width=box.right - box.left - 2,
            height=box.bottom - box.top,
            rx=3,
            fill=tint if chosen else "none",
            stroke=_COLOUR[word.tone] if chosen else None,
            pointer_events="all",
        )
        if framed
        else None,
        el(
            "text",
            word.text,
            x=placed.x,
            y=placed.baseline,
            text_anchor="middle",
            fill=_COLOUR[word.tone],
            font_family="var(--font-serif)",
            font_size=placed.size,
            text_length=placed.width,
            length_adjust="spacingAndGlyphs",
            lang=word.language or None,
        ),
        *(_two_colours(placed) if word.tone == "contested" else ()),
    ]
    if not word.href:
        return el("g", *parts)
    return el(
        "a",
        *parts,
        href=word.href,
        aria_label=word.name or None,
        lang=(word.language or None) if not word.name else None,
        aria_current="true" if chosen else None,
    )


def _two_colours(placed: PlacedWord) -> tuple[Element, ...]:
    """The line under a contested word: half in their colour, half in ours."""
    y, half = placed.baseline + 0.13 * placed.size, placed.width / 2
    return (
        el(
            "path",
            d=f"M{number(placed.x - half)} {number(y)}h{number(half)}",
            stroke="var(--they)",
            stroke_width=2,
        ),
        el(
            "path",
            d=f"M{number(placed.x)} {number(y)}h{number(half)}",
            stroke="var(--we)",
            stroke_width=2,
        ),
    )


def _axis(layout: Layout, shape: AxisShape, y: float) -> list[Element | None]:
    parts: list[Element | None] = [
        el(
            "path",
            d=f"M{number(_MARGIN)} {number(y)}H{number(shape.width - _MARGIN)}",
            stroke="var(--edge)",
        )
    ]
    for tick in layout.scale.ticks():
        x = layout.scale.x(tick)
        parts.append(el("path", d=f"M{number(x)} {number(y)}v5", stroke="var(--edge)"))
        edge = x > shape.width - _MARGIN - 12
        parts.append(
            line_of_text(number(abs(tick)), x, y + 19, "end" if edge else "middle", _AXIS_INK)
        )
    return parts
