"""The clocks of a change: a gold bar per step with a tick at half of all, and the whole with its target."""

from dataclasses import dataclass

from openroads.charts.markup import Element, drawing, el, number
from openroads.charts.scales import line_of_text

WIDE, HIGH = 150.0, 14.0
WHOLE_WIDE, WHOLE_HIGH = 368.0, 46.0


def step_bar(days: float | None, half: float | None, most: float, *, wide: float = WIDE) -> str:
    """One step: `most` is what fills the bar, the same for every step; None: not begun, or not known."""
    scale = wide / (most or 1.0)
    parts = []
    if days is not None:
        parts.append(el("rect", x=0, y=3, width=days * scale, height=8, fill="var(--thread)"))
    if half is not None:
        parts.append(
            el("path", d=f"M{number(half * scale)} 0V14", stroke="var(--ink)", stroke_width=1.5)
        )
    return drawing(wide, HIGH, "", parts, class_="exhibit clock-bar")


@dataclass(frozen=True, slots=True)
class WholeTexts:
    """The sentence heard, and the words under the tick of half of all and under the target."""

    label: str
    half: str
    target: str


def whole_bar(
    days: float | None, half: float | None, low: float | None, high: float | None, target: float,
    texts: WholeTexts,
) -> str:  # fmt: skip
    """From the first post to live: the bar, half of all with its interval as a band, and the target."""
    known = [v for v in (days, half, high, target) if v is not None]
    scale = (WHOLE_WIDE - 8) / (max(known) * 1.05)
    parts = []
    if low is not None:
        end = high if high is not None else max(known) * 1.05
        parts.append(
            el("rect", x=low * scale, y=12, width=(end - low) * scale, height=16, fill="var(--chart-band)")
        )  # fmt: skip
    if days is not None:
        parts.append(el("rect", x=0, y=16, width=days * scale, height=8, fill="var(--thread)"))
    places = {"target": target * scale}
    if half is not None:
        places["half"] = half * scale
        parts.append(
            el("path", d=f"M{number(places['half'])} 12V28", stroke="var(--ink)", stroke_width=1.5)
        )
    parts.append(
        el(
            "path", d=f"M{number(places['target'])} 8V32", stroke="var(--ink-3)", stroke_dasharray="2 2"
        )
    )  # fmt: skip
    parts += _words(places, texts)
    return drawing(WHOLE_WIDE, WHOLE_HIGH, texts.label, parts, class_="exhibit clock-whole")


def _words(places: dict[str, float], texts: WholeTexts) -> list[Element]:
    """Half of all ends at its tick, or begins there, so that it never touches the target's words."""
    half, target = places.get("half"), places["target"]
    first = half is None or half <= target
    parts = [
        line_of_text(
            texts.target, target, 42, "start" if first and target < WHOLE_WIDE - 80 else "end",
            "var(--chart-axis)",
        )
    ]  # fmt: skip
    if half is not None:
        ends = first and half > 90
        parts.append(
            line_of_text(texts.half, half, 42, "end" if ends else "start", "var(--chart-axis)")
        )
        if not ends and first:
            parts[0] = line_of_text(texts.target, WHOLE_WIDE, 42, "end", "var(--chart-axis)")
    return parts
