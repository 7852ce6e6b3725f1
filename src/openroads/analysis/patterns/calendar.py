"""Which moments are alike: days of the week, hours of the week in local time, and public holidays."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

Places = NDArray[np.int64]

WEEKS = 8
"""Weeks of history a moment is compared with."""
HOURS = 168


def easter(year: int) -> date:
    """Easter Sunday of the Gregorian calendar (the anonymous algorithm of Nature, 20 April 1876, as in
    Meeus 1991, Astronomical algorithms, chapter 8)."""
    a, b, c = year % 19, year // 100, year % 100
    d, e = divmod(b, 4)
    g = (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    m = (32 + 2 * e + 2 * i - h - k) % 7
    n = (a + 11 * h + 22 * m) // 451
    month, day = divmod(h + m - 7 * n + 114, 31)
    return date(year, month, day + 1)


@lru_cache(maxsize=256)
def holidays(year: int, country: str) -> dict[date, str]:
    """Days on which the Netherlands ("nl") or Belgium ("be") stand still, each with its key.

    The Netherlands: New Year, Good Friday, Easter, King's Day (26 April when the 27th is a Sunday),
    Liberation Day, Ascension, Whitsun, Christmas. Belgium: the ten of the law of 4 January 1974.
    Both: New Year's Eve, on which nobody is at work either.
    """
    sunday = easter(year)
    found = {
        date(year, 1, 1): "new_year",
        sunday: "easter",
        sunday + timedelta(days=1): "easter_monday",
        sunday + timedelta(days=39): "ascension",
        sunday + timedelta(days=49): "whit_sunday",
        sunday + timedelta(days=50): "whit_monday",
        date(year, 12, 25): "christmas",
        date(year, 12, 31): "new_years_eve",
    }
    if country == "nl":
        king = date(year, 4, 27)
        found[king - timedelta(days=king.weekday() == 6)] = "kings_day"
        found[sunday - timedelta(days=2)] = "good_friday"
        found[date(year, 5, 5)] = "liberation_day"
        found[date(year, 12, 26)] = "second_christmas_day"
    else:
        found[date(year, 5, 1)] = "labour_day"
        found[date(year, 7, 21)] = "national_day"
        found[date(year, 8, 15)] = "assumption"
        found[date(year, 11, 1)] = "all_saints"
        found[date(year, 11, 11)] = "armistice"
    return found


def holiday(on: date, countries: Collection[str] = ("nl", "be")) -> str:
    """The key of the holiday a day is in any of these countries; empty for an ordinary day."""
    return next((key for land in countries if (key := holidays(on.year, land).get(on))), "")


@dataclass(frozen=True, slots=True)
class Calendar:
    """For each moment of a stretch: where the same moment of the eight weeks before it stands (column
    0: a week ago), where those of its Sunday stand, and whether it is a holiday. Places below 0 lie
    before the stretch."""

    season: int
    near: int
    same: Places
    sundays: Places
    free: NDArray[np.bool_]

    def __len__(self) -> int:
        return len(self.free)


def calendar_of_days(
    first: date, count: int, countries: Collection[str] = ("nl", "be")
) -> Calendar:
    """The calendar of `count` days from `first` on."""
    places = np.arange(count)
    back = 7 * np.arange(1, WEEKS + 1)
    days = [first + timedelta(days=place) for place in range(count)]
    since_sunday = np.array([(day.weekday() + 1) % 7 or 7 for day in days], np.int64)
    same = places[:, None] - back
    return Calendar(
        season=7,
        near=0,
        same=same,
        sundays=(places - since_sunday)[:, None] - back + 7,
        free=np.array([bool(holiday(day, countries)) for day in days], np.bool_),
    )


def calendar_of_hours(
    first: datetime, count: int, zone: ZoneInfo, countries: Collection[str] = ("nl", "be")
) -> Calendar:
    """The calendar of `count` hours from the aware moment `first` on: alike are hours of the same name
    on the clock of `zone`, so that summer time moves nobody's evening. Each counts with its
    neighbours."""
    moments = [first.astimezone(UTC) + timedelta(hours=place) for place in range(count)]
    local = [moment.astimezone(zone) for moment in moments]
    ahead = np.array([_hours(moment.utcoffset()) for moment in local], np.int64)
    places = np.arange(count)
    same = places[:, None] - HOURS * np.arange(1, WEEKS + 1)
    there = np.clip(same, 0, None)
    same = same + ahead[:, None] - ahead[there]
    since_sunday = np.array([24 * ((moment.weekday() + 1) % 7 or 7) for moment in local], np.int64)
    return Calendar(
        season=HOURS,
        near=1,
        same=same,
        sundays=same + HOURS - since_sunday[:, None],
        free=np.array([bool(holiday(moment.date(), countries)) for moment in local], np.bool_),
    )


def _hours(offset: timedelta | None) -> int:
    return round(offset / timedelta(hours=1)) if offset else 0
