"""What is usual: the prediction interval, by hand."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openroads.analysis.usual import usual_range


def test_the_interval_is_that_of_one_more_period() -> None:
    # Mean 20; s² = (100+100+0+0+100+100+0+0)/7 = 57.142857, s = 7.5593; Poisson gives 4.4721.
    # Half = 2.364624 · 7.5593 · sqrt(1 + 1/8) = 18.959.
    found = usual_range([10, 30, 20, 20, 10, 30, 20, 20])
    assert found is not None
    assert found.middle == 20
    assert found.low == pytest.approx(1.041, abs=0.002)
    assert found.high == pytest.approx(38.959, abs=0.002)
    assert [found.says(n) for n in (1, 20, 38, 39)] == [-1, 0, 0, 1]


def test_equal_weeks_promise_no_certainty() -> None:
    # s is 0, so chance alone counts: sqrt(16) = 4; half = 3.182446 · 4 · sqrt(1.25) = 14.232.
    found = usual_range([16, 16, 16, 16])
    assert found is not None and found.high == pytest.approx(30.232, abs=0.002)


def test_three_periods_say_nothing_and_only_the_last_eight_count() -> None:
    assert usual_range([1, 2, 3]) is None
    assert usual_range([900, *[5] * 8]) == usual_range([5] * 8)


@given(st.lists(st.integers(0, 10_000), min_size=4, max_size=12))
def test_the_middle_lies_within(counts: list[int]) -> None:
    found = usual_range(counts)
    assert found is not None and 0 <= found.low <= found.middle <= found.high
