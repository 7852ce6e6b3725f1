"""What the days of a choice are held against, and which have nothing to be held against."""

from datetime import date, timedelta

from openroads.archive.queries.choice import Sieve
from openroads.archive.queries.explore import DayRow
from openroads.archive.scope import Scope
from openroads.listening.explore.reading import days_of

BEGAN = date(2026, 6, 1)


def posts(on: date, n: int) -> DayRow:
    return DayRow(n, 0, 0, 0, 0, 0, 0, on)


def a_choice(since: date, days: int) -> Sieve:
    return Sieve(Scope(since, since + timedelta(days=days)))


def test_days_from_before_anything_was_collected_make_no_day_stand_out() -> None:
    sieve = a_choice(BEGAN - timedelta(days=100), 130)
    rows = [posts(BEGAN + timedelta(days=n), 40) for n in range(30)]
    days = days_of(rows, sieve)
    assert [day.on for day in days] == [sieve.scope.since + timedelta(days=n) for n in range(130)]
    assert all(day.high is None and day.posts == 0 for day in days[:100])
    assert not any(day.stands_out for day in days)


def test_history_before_the_period_tells_what_to_expect() -> None:
    since = BEGAN + timedelta(days=60)
    rows = [posts(BEGAN + timedelta(days=n), 40) for n in range(60)] + [posts(since, 400)]
    first, second = days_of(rows, a_choice(since, 2))
    assert first.high is not None and 40 < first.high < 80
    assert first.stands_out and not second.stands_out


def test_a_choice_without_a_post_has_its_days() -> None:
    days = days_of([], a_choice(BEGAN, 7))
    assert len(days) == 7 and all(day.high is None for day in days)
