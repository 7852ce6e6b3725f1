"""Public holidays of the Netherlands and Belgium, to choose from when opening hours are set."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from django.utils.translation import pgettext

from openroads.analysis.patterns.calendar import holidays

NAMES: dict[str, Callable[[], str]] = {
    "new_year": lambda: pgettext("holiday", "New Year"),
    "good_friday": lambda: pgettext("holiday", "Good Friday"),
    "easter": lambda: pgettext("holiday", "Easter"),
    "easter_monday": lambda: pgettext("holiday", "Easter Monday"),
    "kings_day": lambda: pgettext("holiday", "King’s Day"),
    "liberation_day": lambda: pgettext("holiday", "Liberation Day"),
    "labour_day": lambda: pgettext("holiday", "Labour Day"),
    "ascension": lambda: pgettext("holiday", "Ascension"),
    "whit_sunday": lambda: pgettext("holiday", "Whit Sunday"),
    "whit_monday": lambda: pgettext("holiday", "Whit Monday"),
    "national_day": lambda: pgettext("holiday", "National Day"),
    "assumption": lambda: pgettext("holiday", "Assumption"),
    "all_saints": lambda: pgettext("holiday", "All Saints"),
    "armistice": lambda: pgettext("holiday", "Armistice Day"),
    "christmas": lambda: pgettext("holiday", "Christmas"),
    "second_christmas_day": lambda: pgettext("holiday", "Second Christmas Day"),
    "new_years_eve": lambda: pgettext("holiday", "New Year’s Eve"),
}
COUNTRIES = {"nl": "NL", "be": "BE"}


@dataclass(frozen=True, slots=True)
class Holiday:
    """A day on which one or both of the countries stand still."""

    on: date
    name: str
    countries: tuple[str, ...]


def suggested(today: date, years: int = 2) -> list[Holiday]:
    """The holidays from today to the end of that many years, in their order."""
    found: dict[date, tuple[str, list[str]]] = {}
    for year in range(today.year, today.year + years):
        for country, code in COUNTRIES.items():
            for on, key in holidays(year, country).items():
                if on >= today:
                    found.setdefault(on, (key, []))[1].append(code)
    return [
        Holiday(on, NAMES[key]() if key in NAMES else key, tuple(countries))
        for on, (key, countries) in sorted(found.items())
    ]


def name_of(on: date) -> str:
    """What a day is called; empty for a day that is none of these."""
    for country in COUNTRIES:
        key = holidays(on.year, country).get(on)
        if key:
            return NAMES[key]()
    return ""
