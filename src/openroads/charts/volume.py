"""Posts over time by mood, as a Vega-Lite spec: how much was said, and in which tone."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal


@dataclass(frozen=True, slots=True)
class Volume:
    """Posts of one period by mood; `unknown` are those in a language without a tone."""

    since: date
    positive: int
    neutral: int
    negative: int
    unknown: int = 0


@dataclass(frozen=True, slots=True)
class VolumeTexts:
    """Names of the moods in the reader's language."""

    positive: str
    neutral: str
    negative: str
    unknown: str


def posts_over_time(
    volumes: Sequence[Volume],
    texts: VolumeTexts,
    *,
    step: Literal["day", "week", "month"] = "week",
    width: int = 744,
    height: int = 220,
) -> dict[str, Any]:
    """Stacked bars from zero, negative at the foot where it is compared best; the finding stands
    above, outside.
    """
    moods = [
        ("negative", texts.negative, "var(--neg-2)"),
        ("neutral", texts.neutral, "var(--neutral)"),
        ("positive", texts.positive, "var(--pos-2)"),
        ("unknown", texts.unknown, "var(--rule)"),
    ]
    if not any(volume.unknown for volume in volumes):
        moods = moods[:3]
    rows = [
        {"since": volume.since.isoformat(), "mood": name, "order": order, "posts": count}
        for volume in volumes
        for order, (key, name, _) in enumerate(moods)
        if (count := getattr(volume, key))
    ]
    days = {"day": 1, "week": 7, "month": 30}[step]
    bar = max(width / max(_span(volumes) / days, 1) - 1, 1)
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v5.json",
        "width": width,
        "height": height,
        "autosize": {"type": "fit", "contains": "padding"},
        "data": {"values": rows},
        "mark": {"type": "bar", "width": min(bar, 24)},
        "encoding": {
            "x": {
                "field": "since",
                "type": "temporal",
                "axis": {
                    "title": None,
                    "tickCount": 6,
                    "format": "%d %b" if step == "day" else "%b %Y",
                },
            },
            "y": {
                "field": "posts",
                "type": "quantitative",
                "axis": {"title": None, "format": ",d"},
            },
            "order": {"field": "order"},
            "color": {
                "field": "mood",
                "type": "nominal",
                "scale": {"domain": [m[1] for m in moods], "range": [m[2] for m in moods]},
                "legend": {"orient": "top", "direction": "horizontal", "columnPadding": 28},
            },
        },
    }


def _span(volumes: Sequence[Volume]) -> int:
    if not volumes:
        return 1
    since = [volume.since for volume in volumes]
    return (max(since) - min(since)).days + 1
