"""How odd a count is, against figures worked out by hand and by adding the chances up one by one."""

import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from openroads.analysis.patterns.tails import (
    at_least,
    at_most,
    exact_rate,
    incomplete_beta,
    surprising,
)


def added_up(count: int, mean: float, dispersion: float) -> float:
    """P(X >= count) of a negative binomial, term by term."""
    size = 1 / dispersion
    share = mean / (mean + size)
    term, below = (1 - share) ** size, 0.0
    for n in range(count):
        below += term
        term *= (n + size) / (n + 1) * share
    return 1 - below


def test_a_negative_binomial_of_size_two_by_its_closed_form() -> None:
    # Mean 3, size 2: the chance of n is (n + 1) .4^2 .6^n, so that of ten or more is 5 x .6^10.
    assert at_least(10, 3, 0.5) == pytest.approx(float(5 * Fraction(3, 5) ** 10), rel=1e-12)


def test_without_dispersion_it_is_a_poisson() -> None:
    assert at_least(5, 2, 0) == pytest.approx(1 - 7 * math.exp(-2), rel=1e-6)
    assert at_most(1, 2, 0) == pytest.approx(3 * math.exp(-2), rel=1e-6)


def test_the_incomplete_beta_of_small_whole_numbers() -> None:
    assert incomplete_beta(2, 3, 0.5) == pytest.approx(11 / 16, rel=1e-12)
    assert incomplete_beta(1, 1, 0.3) == pytest.approx(0.3, rel=1e-12)


def test_a_dense_series_has_a_tail_too() -> None:
    assert at_least(5_000, 5_000, 0.01) == pytest.approx(0.487, abs=0.002)
    assert 0 < at_least(8_000, 5_000, 0.01) < 1e-6


@given(st.integers(1, 60), st.floats(0.1, 40), st.floats(0.01, 3))
def test_it_is_the_sum_of_its_terms(count: int, mean: float, dispersion: float) -> None:
    assert float(at_least(count, mean, dispersion)) == pytest.approx(
        added_up(count, mean, dispersion), abs=1e-9
    )


@given(st.integers(0, 80), st.floats(0.01, 60), st.floats(0, 2))
def test_more_is_odder_and_a_higher_mean_makes_it_less_so(
    count: int, mean: float, dispersion: float
) -> None:
    here = float(at_least(count, mean, dispersion))
    assert 0 <= float(at_least(count + 1, mean, dispersion)) <= here + 1e-12 <= 1 + 1e-12
    assert here <= float(at_least(count, mean * 1.5, dispersion)) + 1e-9


def test_what_is_never_said_cannot_be_expected() -> None:
    assert at_least(0, 0, 0) == 1 and at_least(1, 0, 0) == 0


def test_the_interval_of_a_rate_is_the_exact_one() -> None:
    # Garwood's limits for 0 and 5 events, as printed in tables of the Poisson.
    assert exact_rate(0, 1) == pytest.approx((0, -math.log(0.025)), abs=1e-6)
    assert exact_rate(5, 1) == pytest.approx((1.6235, 11.6683), abs=1e-4)
    assert exact_rate(5, 100) == pytest.approx((0.016235, 0.116683), abs=1e-6)
    assert all(math.isnan(end) for end in exact_rate(3, 0))


def test_many_looks_as_benjamini_and_hochberg_found_them() -> None:
    # The fifteen chances of their 1995 paper, of which four stand out at 5%.
    chances = [
        0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240, 0.4262,
        0.5719, 0.6528, 0.7590, 1.0,
    ]  # fmt: skip
    assert surprising(np.array(chances[::-1]), 0.05).tolist() == [False] * 11 + [True] * 4


def test_what_was_not_looked_at_is_no_look() -> None:
    chances = np.array([0.04, np.nan, np.nan])
    assert surprising(chances, 0.05).tolist() == [True, False, False]
    assert not surprising(np.array([np.nan]), 0.05).any()
