"""Colours are read from the stylesheet that owns them; figures and dates are written as readers
write them.
"""

from datetime import date
from decimal import Decimal
from importlib import resources

import pytest

from openroads.charts import formats
from openroads.charts.colours import Tokens, literal

CSS = """
/* --ink: #000000; a comment is no colour */
:root { color-scheme: light dark; }
:root {
  --ink: light-dark(#14211C, #E9EEEA); --paper: light-dark(#FAFBF8, #0F1613);
  --line: var(--ink); --s1: 0.25rem;
}
.tv { --ink: #F7F8F3; }
@media print { :root { color-scheme: light; --paper: #FFFFFF; --text-16: 10.5pt; } }
"""
NBSP = "\N{NO-BREAK SPACE}"


def test_one_declaration_gives_both_themes_and_paper():
    tokens = Tokens.parse(CSS)
    assert (tokens.light["ink"], tokens.dark["ink"]) == ("#14211C", "#E9EEEA")
    assert tokens.dark["line"] == "#E9EEEA"
    assert (tokens.light["paper"], tokens.print["paper"]) == ("#FAFBF8", "#FFFFFF")
    assert tokens.print["ink"] == "#14211C"
    assert "s1" not in tokens.light


def test_a_reference_to_no_colour_is_refused():
    with pytest.raises(ValueError, match="--nowhere"):
        Tokens.parse(":root { --ink: #000000; --line: var(--nowhere); }")


def test_a_literal_drawing_has_no_tokens_left_and_a_missing_one_is_named():
    palette = Tokens.parse(CSS).print
    drawn = literal('<path fill="var(--ink)" font-family="var(--font-serif)"/>', palette)
    assert drawn == '<path fill="#14211C" font-family="Source Serif Pro"/>'
    with pytest.raises(ValueError, match="--gone"):
        literal('<path fill="var(--gone)"/>', palette)


def test_the_products_own_stylesheet_has_every_colour_of_the_exhibits():
    css = resources.files("openroads.ui") / "static" / "ui" / "tokens.css"
    tokens = Tokens.parse(css.read_text(encoding="utf-8"))
    used = "they they-tint we we-tint ink ink-2 ink-3 paper rule edge chart-band chart-grid"
    more = "chart-line chart-axis soon-tint thread thread-text neg-2 neutral pos-2 font-sans"
    for name in f"{used} {more}".split():
        assert name in tokens.light and name in tokens.dark and name in tokens.print


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("en", ("13,060", "−12", "+62", "0", f"€{NBSP}38,600", "79 to 88", "24 November 2026")),
        ("nl", ("13.060", "−12", "+62", "0", f"€{NBSP}38.600", "79 tot 88", "24 november 2026")),
    ],
)
def test_figures_money_intervals_and_dates(language, expected):
    assert (
        formats.figure(13060, language),
        formats.figure(-12, language),
        formats.signed(62, language),
        formats.signed(-0.2, language),
        formats.money(Decimal(38600), language),
        formats.between(79, 88, language),
        formats.day(date(2026, 11, 24), language),
    ) == expected


def test_decimals_percentages_months_and_periods():
    assert formats.figure(1234.56, "nl", decimals=1) == "1.234,6"
    assert formats.percentage(0.841, "en") == "84%"
    assert formats.money(Decimal("-5.5"), "nl", decimals=2) == f"−€{NBSP}5,50"
    assert formats.between(-14, -10, "en", sign=True) == "−14 to −10"
    assert formats.month(date(2026, 11, 1), "nl") == "november"
    assert formats.month(date(2026, 3, 1), "nl", short=True) == "mrt"
    assert (
        formats.period(date(2026, 8, 26), date(2026, 11, 23), "nl")
        == "26 augustus tot en met 23 november 2026"
    )
    assert (
        formats.period(date(2025, 12, 1), date(2026, 1, 5), "en")
        == "1 December 2025 to 5 January 2026"
    )
