"""What a day could be expected to bring: golden quantiles, weekdays, storms and short histories."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from openroads.analysis.expected import expected_days, interval


def test_the_poisson_interval_is_the_one_of_the_tables():
    assert interval(10, 0) == (4, 17)
    assert interval(1, 0) == (0, 3)
    assert interval(100, 0) == (81, 120)


def test_the_negative_binomial_interval_reaches_just_its_shares():
    def upto(count, mean, dispersion):
        size = 1 / dispersion
        share = mean / (mean + size)
        return sum(
            math.exp(
                math.lgamma(k + size) - math.lgamma(size) - math.lgamma(k + 1)
                + size * math.log1p(-share) + k * math.log(share)
            )
            for k in range(count + 1)
        )  # fmt: skip

    for mean, dispersion in ((10, 0.2), (40, 0.05), (3, 1.0)):
        low, high = map(int, interval(mean, dispersion))
        assert upto(low, mean, dispersion) >= 0.025 > upto(low - 1, mean, dispersion) - 1e-9
        assert upto(high, mean, dispersion) >= 0.975 > upto(high - 1, mean, dispersion)


def test_a_large_mean_continues_where_the_exact_one_ends():
    for dispersion in (0.0, 0.01, 0.1):
        exact = interval(4_999, dispersion)
        rooted = interval(5_001, dispersion)
        assert rooted == pytest.approx(exact, rel=0.01)


def test_sundays_are_compared_with_sundays():
    week = [100, 100, 100, 100, 100, 40, 20]
    expected = expected_days(week * 10, 63)
    assert expected.mean[6] < 45 < 85 < expected.mean[0]
    assert expected.low[0] <= 100 <= expected.high[0]
    assert expected.high[6] < 60


def test_a_storm_stands_out_and_does_not_make_the_next_one_usual():
    random = np.random.default_rng(4)
    counts = random.poisson(50, 100).astype(float)
    counts[80:83] = 400
    expected = expected_days(counts, 60)
    assert (counts[80:83] > expected.high[20:23]).all()
    assert expected.high[30:].max() < 130


def test_with_less_than_four_weeks_before_it_nothing_is_expected():
    expected = expected_days([5] * 40, 0)
    assert np.isnan(expected.mean[:28]).all()
    assert not np.isnan(expected.mean[28:]).any()


def test_about_one_day_in_twenty_of_pure_chance_lies_outside():
    random = np.random.default_rng(7)
    outside = days = 0
    for _ in range(40):
        counts = random.poisson(30, 56 + 90)
        expected = expected_days(counts, 56)
        period = counts[56:]
        outside += int(((period < expected.low) | (period > expected.high)).sum())
        days += len(period)
    assert 0.02 < outside / days < 0.08


@given(st.lists(st.integers(0, 10**6), min_size=1, max_size=150), st.integers(0, 150))
def test_the_mean_lies_in_its_interval_whatever_came_before(counts, first):
    expected = expected_days(counts, first)
    assert len(expected.mean) == max(len(counts) - first, 0)
    known = ~np.isnan(expected.mean)
    assert (expected.low[known] <= expected.mean[known] + 1e-6).all()
    assert (expected.high[known] >= expected.mean[known] - 1).all()
