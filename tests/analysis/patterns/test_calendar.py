"""Which days and hours are alike: Easter, King's Day, and the night the clock changes."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from openroads.analysis.patterns.calendar import (
    calendar_of_days,
    calendar_of_hours,
    easter,
    holiday,
    holidays,
)

AMSTERDAM = ZoneInfo("Europe/Amsterdam")


@pytest.mark.parametrize(
    "sunday", ["1961-04-02", "2024-03-31", "2025-04-20", "2026-04-05", "2038-04-25", "2285-03-22"]
)
def test_easter_is_when_it_is(sunday: str) -> None:
    on = date.fromisoformat(sunday)
    assert easter(on.year) == on and on.weekday() == 6


def test_kings_day_moves_when_it_would_be_a_sunday() -> None:
    assert holidays(2025, "nl")[date(2025, 4, 26)] == "kings_day"
    assert holiday(date(2025, 4, 27)) == ""
    assert holiday(date(2026, 4, 27)) == "kings_day"
    assert holiday(date(2026, 4, 27), ["be"]) == ""


def test_belgium_has_its_own_days() -> None:
    assert holiday(date(2026, 7, 21)) == "national_day"
    assert holiday(date(2026, 7, 21), ["nl"]) == ""
    assert holiday(date(2026, 5, 14)) == "ascension" and holiday(date(2026, 5, 25)) == "whit_monday"


def test_a_day_is_held_against_its_weekday_and_a_holiday_against_its_sunday() -> None:
    first = date(2026, 2, 2)  # a Monday
    calendar = calendar_of_days(first, 90)
    king = (date(2026, 4, 27) - first).days
    assert calendar.free[king] and not calendar.free[king + 1]
    assert calendar.same[king].tolist() == [king - 7 * n for n in range(1, 9)]
    sundays = [first + timedelta(days=int(place)) for place in calendar.sundays[king]]
    assert sundays[0] == date(2026, 4, 26) and {day.weekday() for day in sundays} == {6}


def test_an_evening_stays_an_evening_when_summer_time_begins() -> None:
    first = datetime(2026, 3, 2, tzinfo=UTC)
    calendar = calendar_of_hours(first, 6 * 168, AMSTERDAM)
    evening = datetime(2026, 4, 1, 20, tzinfo=AMSTERDAM)
    place = int((evening - first) / timedelta(hours=1))
    before = first + timedelta(hours=int(calendar.same[place, 0]))
    assert before.astimezone(AMSTERDAM) == datetime(2026, 3, 25, 20, tzinfo=AMSTERDAM)
    assert place - calendar.same[place, 0] == 167, "the week had an hour less"


def test_and_when_it_ends() -> None:
    first = datetime(2026, 10, 5, tzinfo=UTC)
    calendar = calendar_of_hours(first, 5 * 168, AMSTERDAM)
    evening = datetime(2026, 10, 28, 20, tzinfo=AMSTERDAM)
    place = int((evening - first) / timedelta(hours=1))
    assert place - calendar.same[place, 0] == 169
