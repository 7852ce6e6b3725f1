"""Figures and dates as a reader of Dutch or English writes them; no Django, so that charts and PDF
can use them.
"""

from datetime import date
from decimal import Decimal
from typing import Literal

from babel.dates import format_date
from babel.numbers import format_decimal

Language = Literal["en", "nl"]

# English of Europe: commas in thousands, and "24 November 2026".
_LOCALE = {"en": "en_GB", "nl": "nl_NL"}
_NARROW = "\N{NO-BREAK SPACE}"
_MINUS = "\N{MINUS SIGN}"


def _plain(value: float | Decimal, language: Language, decimals: int) -> str:
    pattern = "#,##0" + ("." + "0" * decimals if decimals else "")
    written = format_decimal(value, format=pattern, locale=_LOCALE[language])
    zero = format_decimal(0, format=pattern, locale=_LOCALE[language])
    return zero if written.lstrip("-") == zero else written.replace("-", _MINUS)


def figure(value: float | Decimal, language: Language, *, decimals: int = 0) -> str:
    """A number: 13,060 / 13.060, with a true minus (−12) and never "−0"."""
    return _plain(value, language, decimals)


def signed(value: float | Decimal, language: Language, *, decimals: int = 0) -> str:
    """A number that shows its sign: +62, −41, 0."""
    written = _plain(value, language, decimals)
    zero = _plain(0, language, decimals)
    return written if written == zero or written.startswith(_MINUS) else f"+{written}"


def percentage(share: float, language: Language, *, decimals: int = 0) -> str:
    """A share 0..1 as 84% in both languages."""
    return f"{_plain(share * 100, language, decimals)}%"


def money(amount: Decimal, language: Language, *, symbol: str = "€", decimals: int = 0) -> str:
    """An amount: € 38,600 / € 38.600, minus before the symbol, no line break within."""
    written = _plain(amount, language, decimals)
    minus = _MINUS if written.startswith(_MINUS) else ""
    return f"{minus}{symbol}{_NARROW}{written.removeprefix(_MINUS)}"


def between(
    low: float, high: float, language: Language, *, decimals: int = 0, sign: bool = False
) -> str:
    """An interval in words: 79 to 88 / 79 tot 88; with `sign` +13 to +29."""
    write = signed if sign else figure
    word = "tot" if language == "nl" else "to"
    ends = (write(low, language, decimals=decimals), write(high, language, decimals=decimals))
    return f"{ends[0]} {word} {ends[1]}"


def day(when: date, language: Language) -> str:
    """A date in full: 24 November 2026 / 24 november 2026."""
    return format_date(when, "d MMMM y", locale=_LOCALE[language])


def period(since: date, last: date, language: Language) -> str:
    """Two dates, both included; what they share is said once: 26 August to 23 November 2026."""
    word = "tot en met" if language == "nl" else "to"
    pattern = "d MMMM y" if since.year != last.year else "d MMMM"
    return f"{format_date(since, pattern, locale=_LOCALE[language])} {word} {day(last, language)}"


def month(when: date, language: Language, *, short: bool = False) -> str:
    """A month's name: November / november, short Nov / nov."""
    written = format_date(when, "LLL" if short else "LLLL", locale=_LOCALE[language])
    return written.rstrip(".")
