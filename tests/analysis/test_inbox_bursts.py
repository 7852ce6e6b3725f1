"""An inbox is loud when an hour brings far more than the same hour of eight weeks; a quiet history never is."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from openroads.analysis.inbox_bursts import LEAST, WEEKS, expected, loud


def test_what_an_hour_can_be_expected_to_bring_by_hand() -> None:
    mean, dispersion = expected(np.array([[2.0, 4, 3, 3, 2, 4, 3, 3], [0] * 8]))
    # (24 + 0.5) / 9; and squares of 4 about 2.7222 over it, with 14 weeks of 1.3: never below 1.3.
    assert mean == pytest.approx([24.5 / 9, 0.5 / 9])
    assert dispersion == pytest.approx([0.3 / (24.5 / 9), 0.3 / (0.5 / 9)])


def test_fourteen_where_three_are_usual_is_loud_and_six_is_not() -> None:
    history = np.array([[2.0, 4, 3, 3, 2, 4, 3, 3]])
    (found,) = loud([14], history)
    assert (found.series, found.cases) == (0, 14)
    assert found.expected == pytest.approx(2.7222, abs=1e-4)
    # P(X >= 14) of a negative binomial with mean 49/18 and variance 1.3 times that, summed by hand below.
    assert found.chance == pytest.approx(_by_sum(14, 49 / 18, 0.3 / (49 / 18)), rel=1e-9)
    assert loud([6], history) == []


def test_one_storm_does_not_make_the_next_one_usual() -> None:
    storm = np.array([[2.0, 4, 3, 3, 60, 4, 3, 3]])
    mean, _ = expected(storm)
    assert mean[0] < 4.0
    assert loud([20], storm)


def test_of_many_series_each_must_stand_out_more() -> None:
    history = np.tile([2.0, 4, 3, 3, 2, 4, 3, 3], (40, 1))
    now = [3] * 40
    now[7] = 14
    assert [one.series for one in loud(now, history)] == [7]


@settings(max_examples=200, deadline=None)
@given(
    st.lists(st.lists(st.integers(0, 30), min_size=WEEKS, max_size=WEEKS), min_size=1, max_size=12),
    st.data(),
)
def test_an_hour_like_those_before_raises_nothing(history: list[list[int]], data: st.DataObject) -> None:  # fmt: skip
    now = [data.draw(st.integers(0, max(LEAST - 1, round(sum(row) / WEEKS)))) for row in history]
    assert loud(now, np.array(history, np.float64)) == []


@settings(max_examples=200, deadline=None)
@given(st.lists(st.integers(0, LEAST - 1), min_size=1, max_size=12))
def test_fewer_than_five_are_never_a_burst(now: list[int]) -> None:
    assert loud(now, np.zeros((len(now), WEEKS))) == []


def _by_sum(count: int, mean: float, dispersion: float) -> float:
    """The same chance, term by term from the definition."""
    from math import exp, lgamma, log

    size = 1 / dispersion
    below = sum(
        exp(
            lgamma(k + size) - lgamma(size) - lgamma(k + 1)
            + size * log(size / (size + mean)) + k * log(mean / (size + mean))
        )
        for k in range(count)
    )  # fmt: skip
    return 1 - below
