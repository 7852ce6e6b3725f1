"""What stands out and what does not, in series made for it."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.random import default_rng

from openroads.analysis.patterns.back_test import back_test
from openroads.analysis.patterns.calendar import Calendar, calendar_of_days, calendar_of_hours
from openroads.analysis.patterns.expecting import expected, middle
from openroads.analysis.patterns.finding import BY_DAY, BY_HOUR, LULL, find

MONDAY = date(2025, 9, 1)
DAYS = 140
WEEK = np.array([30, 28, 26, 25, 24, 12, 15.0])


def calendar(days: int = DAYS, first: date = MONDAY) -> Calendar:
    return calendar_of_days(first, days, ())


def ordinary(series: int = 1, days: int = DAYS, seed: int = 3) -> Any:
    """Poisson counts with the shape of a week."""
    return (
        default_rng(seed).poisson(np.tile(WEEK, days // 7 + 1)[:days], (series, days)).astype(float)
    )


def test_the_middle_half_is_moved_by_no_odd_week() -> None:
    rows = np.array([[1, 2, 3, 4, 5, 6, 7, 1000.0], [np.nan, 4, 4, 4, np.nan, 4, 4, 90.0]])
    assert middle(rows).tolist() == [4.5, 4.0]
    assert np.isnan(middle(np.full((1, 8), np.nan))).all()


def test_a_week_that_repeats_is_expected_to_repeat() -> None:
    told = expected(np.tile(WEEK, 20)[None, :], calendar())
    assert np.isnan(told.mean[0, :28]).all(), "four weeks make no history yet"
    # Each weekday by itself, drawn a little towards the mean of all: six posts' worth.
    assert told.mean[0, 70:77] == pytest.approx(WEEK, rel=0.06)
    assert told.mean[0, 70:77].mean() == pytest.approx(WEEK.mean(), rel=1e-6)


def test_the_variance_of_a_poisson_series_is_found_to_be_about_its_mean() -> None:
    told = expected(ordinary(20, 280), calendar(280))
    ratio = told.variance[:, 112:] / told.mean[:, 112:]
    assert 1.0 <= float(np.mean(ratio)) < 1.35


@given(st.integers(0, 60), st.integers(1, 3))
@settings(max_examples=8, deadline=None)
def test_a_series_that_never_changes_raises_no_alarm(posts: int, season: int) -> None:
    counts = np.full((season, 84), float(posts))
    assert find(counts, calendar(84), BY_DAY)[0] == []
    assert find(counts, calendar(84), LULL, side="quieter")[0] == []


@given(st.integers(0, 200))
@settings(max_examples=8, deadline=None)
def test_more_posts_are_never_less_odd(more: int) -> None:
    counts = ordinary(1, 84)
    louder = counts.copy()
    louder[0, -1] += more
    before, after = (find(each, calendar(84), BY_DAY)[2].chance[0, -1] for each in (counts, louder))
    assert after <= before


def test_a_storm_is_found_on_its_first_day_and_lasts_until_it_is_calm() -> None:
    counts = ordinary(3)
    counts[1, 100:106] += [60, 80, 50, 40, 30, 25]
    (burst,), told, _judged = find(counts, calendar(), BY_DAY)
    assert (burst.series, burst.found, burst.open) == (1, 100, False)
    assert burst.first in (99, 100) and burst.last in (104, 105, 106)
    assert burst.posts == counts[1, burst.first : burst.last + 1].sum()
    assert 200 < burst.excess < 320 and burst.chance < 1e-6
    # It does not make the next one look usual.
    assert told.mean[1, 107:121].sum() < 1.25 * told.mean[0, 107:121].sum()


def test_what_lasts_to_the_end_is_open() -> None:
    counts = ordinary()
    counts[0, -2:] += 60
    (burst,), _told, _judged = find(counts, calendar(), BY_DAY)
    assert burst.open and burst.last == DAYS - 1


def test_two_peaks_with_a_day_between_are_one_burst() -> None:
    counts = ordinary()
    counts[0, 90] += 70
    counts[0, 93] += 70
    assert len(find(counts, calendar(), BY_DAY)[0]) == 1
    counts[0, 110] += 70
    assert len(find(counts, calendar(), BY_DAY)[0]) == 2


def test_few_posts_are_no_burst_however_odd() -> None:
    counts = np.zeros((1, 100))
    counts[0, ::20] = 1
    counts[0, 90] = 4
    assert find(counts, calendar(100), BY_DAY)[0] == []
    counts[0, 90] = 9
    assert [burst.found for burst in find(counts, calendar(100), BY_DAY)[0]] == [90]


def test_unknown_days_are_no_silence() -> None:
    counts = ordinary()
    counts[0, 90:97] = np.nan
    assert find(counts, calendar(), LULL, side="quieter")[0] == []
    assert find(counts, calendar(), BY_DAY)[0] == []
    silent = ordinary()
    silent[0, 90:97] = 0
    (lull,), _told, _judged = find(silent, calendar(), LULL, side="quieter")
    assert lull.found == 90 and lull.posts < lull.mean / 4


def test_many_series_are_held_to_more() -> None:
    counts = ordinary(400, 84)
    alone = replace(BY_DAY, share=1.0)
    assert len(find(counts, calendar(84), alone)[0]) > len(find(counts, calendar(84), BY_DAY)[0])


def test_kings_day_raises_no_alarm() -> None:
    """People are free and post as on a Sunday, on a Monday that is silent else."""
    first, days = date(2026, 1, 5), 116
    week = np.array([10, 10, 10, 10, 10, 25, 40.0])
    counts = default_rng(5).poisson(np.tile(week, 17)[:days], (1, days)).astype(float)
    king = (date(2026, 4, 27) - first).days
    counts[0, king] = 41
    assert [b.found for b in find(counts, calendar(days, first), BY_DAY)[0]] == [king]
    assert find(counts, calendar_of_days(first, days, ("nl",)), BY_DAY)[0] == []


def test_a_young_series_is_judged_by_its_last_week() -> None:
    counts = np.full((1, 20), np.nan)
    counts[0, 5:] = [6, 8, 7, 9, 6, 8, 7, 7, 8, 6, 9, 7, 8, 7, 40]
    (burst,), _told, _judged = find(counts, calendar(20), BY_DAY)
    assert burst.found == 19


def test_by_the_hour_an_evening_peak_is_none_and_a_morning_peak_is() -> None:
    first = datetime(2026, 3, 2, tzinfo=UTC)
    zone = ZoneInfo("Europe/Amsterdam")
    hours = 7 * 168
    clock = np.array([(first + timedelta(hours=n)).astimezone(zone).hour for n in range(hours)])
    means = np.where((clock >= 19) & (clock < 22), 60.0, 4.0)
    counts = default_rng(2).poisson(means)[None, :].astype(float)
    known = calendar_of_hours(first, hours, zone)
    assert find(counts, known, BY_HOUR)[0] == [], "also in the week the clock was put forward"
    counts[0, -20:-16] += 40
    (burst,), _told, _judged = find(counts, known, BY_HOUR)
    assert burst.found == hours - 20


def test_the_back_test_counts_what_it_plants_and_what_is_false() -> None:
    counts = ordinary(24, 182, seed=11)
    told = back_test(
        counts, calendar(182), BY_DAY, chances=(0.01, 0.001), sizes=(1.2, 4.0), since=84, rounds=3, seed=4
    )  # fmt: skip
    loose, used = told.alarms
    assert loose.weeks == used.weeks == 24 * 14
    assert used.alarms <= loose.alarms and used.rate <= 0.06
    found = {(row.chance, row.times): row for row in told.found}
    assert all(row.planted == 24 for row in told.found)
    assert found[0.001, 4.0].found >= 23 and found[0.001, 4.0].half_after == 1
    assert found[0.001, 1.2].found < found[0.001, 4.0].found


def test_the_same_seed_plants_the_same() -> None:
    counts = ordinary(6, 140, seed=1)
    again = [
        back_test(counts, calendar(), BY_DAY, chances=(0.001,), sizes=(2.0,), since=84, rounds=2, seed=9)
        for _ in range(2)
    ]  # fmt: skip
    assert again[0] == again[1]


def test_an_alarm_when_something_happened_is_explained() -> None:
    counts = ordinary(3)
    counts[1, 100:103] += 80
    marked = np.zeros(DAYS, np.bool_)
    marked[99:103] = True
    told = back_test(
        counts, calendar(), BY_DAY, chances=(0.001,), sizes=(), since=84, rounds=1, seed=1, explained=marked
    )  # fmt: skip
    assert (told.alarms[0].explained, told.alarms[0].false) == (1, told.alarms[0].alarms - 1)
