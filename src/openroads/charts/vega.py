"""Vega-Lite in, SVG or PNG out: one drawing for light and dark by tokens, literal colours for paper
and mail.
"""

import json
import re
from collections.abc import Mapping
from functools import cache, lru_cache
from types import ModuleType
from typing import Any
from xml.etree import ElementTree

from defusedxml.ElementTree import fromstring

from openroads.charts.colours import Palette, literal
from openroads.charts.fonts import SANS, font_directories
from openroads.charts.formats import Language

Spec = Mapping[str, Any]

_SVG = "http://www.w3.org/2000/svg"
_TOKEN = re.compile(r"var\(--([a-z0-9-]+)\)")
_LOCALE = {"en": "en-GB", "nl": "nl-NL"}
_KEPT = re.compile(r"[a-z][a-zA-Z-]*\Z")

CONFIG: dict[str, Any] = {
    "font": SANS,
    "background": None,
    "view": {"stroke": None},
    "axis": {
        "domainColor": "var(--edge)",
        "gridColor": "var(--chart-grid)",
        "tickColor": "var(--edge)",
        "labelColor": "var(--chart-axis)",
        "titleColor": "var(--chart-axis)",
        "labelFontSize": 12,
        "titleFontSize": 12,
        "titleFontWeight": "normal",
        "tickCount": 4,
    },
    "axisY": {"domain": False, "ticks": False},
    "axisX": {"grid": False},
    "legend": {
        "labelColor": "var(--ink-2)",
        "labelFontSize": 12,
        "title": None,
        "symbolType": "square",
    },
    "text": {"color": "var(--ink)", "fontSize": 12},
    "line": {"color": "var(--chart-line)", "strokeWidth": 2},
}
"""The look of every chart (look.md 7): ink first, at most four grid lines, no boxes."""


@cache
def _engine() -> ModuleType:
    """The converter with our typefaces. It starts a JavaScript engine: 1 to 2.5 s once, then 70 ms
    a chart.
    """
    import vl_convert  # noqa: PLC0415 - 60 MB that only pages with a chart need

    for directory in font_directories():
        vl_convert.register_font_directory(str(directory))
    return vl_convert


def _coloured(spec: Spec) -> tuple[str, dict[str, str]]:
    """The spec with its look as JSON, each token replaced by a colour of its own, and which colour
    means which.

    TRICKY: Vega parses some colours, and var(--ink) is none it knows; a colour nobody uses goes
    through untouched.
    """
    look = {**CONFIG, **spec.get("config", {})}
    text = json.dumps({**spec, "config": look}, sort_keys=True, ensure_ascii=False)
    names = sorted(set(_TOKEN.findall(text)))
    stands = {f"#01fe{place:02x}": name for place, name in enumerate(names)}
    for colour, name in stands.items():
        text = text.replace(f"var(--{name})", colour)
    return text, stands


def chart_svg(spec: Spec, label: str, *, language: Language = "en") -> str:
    """The chart as SVG that obeys a strict content policy, coloured by tokens; `label` is the
    sentence heard.

    Colours in the spec are written `var(--token)`. Equal specs are drawn once. Data goes in by
    value: the engine may fetch nothing. Raises ValueError with Vega's words for a spec it cannot
    draw.
    """
    return _svg(json.dumps(spec, sort_keys=True, ensure_ascii=False, default=str), label, language)


@lru_cache(maxsize=256)
def _svg(spec: str, label: str, language: Language) -> str:
    text, stands = _coloured(json.loads(spec))
    drawn = _engine().vegalite_to_svg(
        text,
        format_locale=_LOCALE[language],
        time_format_locale=_LOCALE[language],
        allowed_base_urls=[],
    )
    svg = _clean(drawn, label)
    for colour, name in stands.items():
        svg = svg.replace(f'"{colour}"', f'"var(--{name})"')
    return svg


def _clean(drawn: str, label: str) -> str:
    """The drawing without styles, handlers, foreign names and its own roles: one picture with one
    sentence.
    """
    ElementTree.register_namespace("", _SVG)
    root = fromstring(drawn)
    for element in root.iter():
        for name in list(element.attrib):
            own = name.startswith(("on", "aria", "role", "style")) or not _KEPT.match(name)
            if own or name == "class":
                del element.attrib[name]
        if element.get("font-family"):
            element.set("font-family", "var(--font-sans)")
    root.set("class", "exhibit chart")
    root.set("role", "img")
    root.set("aria-label", label)
    return ElementTree.tostring(root, encoding="unicode")


def chart_print_svg(spec: Spec, label: str, palette: Palette, *, language: Language = "en") -> str:
    """The chart with literal colours and typefaces, for typst."""
    return literal(chart_svg(spec, label, language=language), palette)


def chart_png(
    spec: Spec, palette: Palette, *, language: Language = "en", scale: float = 2.0
) -> bytes:
    """The chart as PNG for mail and slides on the palette's paper, `scale` px to a CSS px."""
    text, stands = _coloured(spec)
    for colour, name in stands.items():
        text = text.replace(colour, palette[name])
    filled = {**json.loads(text), "background": palette["paper"]}
    image = _engine().vegalite_to_png(
        json.dumps(filled),
        scale=scale,
        format_locale=_LOCALE[language],
        time_format_locale=_LOCALE[language],
        allowed_base_urls=[],
    )
    return bytes(image)
