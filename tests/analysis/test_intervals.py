"""Intervals hold what they promise, and name the formula they are of."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from openroads.analysis import intervals


def test_wilson_gives_the_textbook_interval():
    share = intervals.wilson(8, 10)
    assert (float(share.low), float(share.high)) == pytest.approx((0.4902, 0.9433), abs=1e-4)
    nothing = intervals.wilson([0, 0], [0, 5])
    assert np.isnan(nothing.value[0]) and (nothing.low[0], nothing.high[0]) == (0, 1)
    assert nothing.high[1] == pytest.approx(0.4345, abs=1e-4)


def test_newcombes_difference_of_shares():
    gap = intervals.difference(intervals.wilson(56, 70), intervals.wilson(48, 80))
    assert float(gap.value) == pytest.approx(0.2)
    assert (float(gap.low), float(gap.high)) == pytest.approx((0.0524, 0.3339), abs=1e-4)


def test_net_sentiment_counts_neutral_posts_too():
    assert float(intervals.net_sentiment(80, 20, 200).value) == 30


def test_the_net_sentiment_interval_covers_the_truth_about_as_often_as_it_says():
    random = np.random.default_rng(3)
    for n, shares in ((40, (0.5, 0.2, 0.3)), (200, (0.1, 0.6, 0.3)), (15, (0.9, 0.05, 0.05))):
        draws = random.multinomial(n, shares, size=4_000)
        found = intervals.net_sentiment(draws[:, 0], draws[:, 1], n)
        truth = 100 * (shares[0] - shares[1])
        covered = ((found.low <= truth) & (truth <= found.high)).mean()
        assert 0.93 <= covered <= 0.995


@given(st.integers(0, 300), st.integers(0, 300), st.integers(0, 300))
def test_a_net_sentiment_lies_inside_its_interval_and_the_interval_on_the_scale(p, m, u):
    found = intervals.net_sentiment(p, m, p + m + u)
    assert -100 <= found.low <= found.high <= 100
    if p + m + u:
        assert found.low <= found.value <= found.high
        mirrored = intervals.net_sentiment(m, p, p + m + u)
        assert float(mirrored.value) == pytest.approx(-float(found.value))


def test_a_confidence_outside_its_range_is_refused():
    with pytest.raises(ValueError, match="between 0 and 1"):
        intervals.wilson(1, 2, confidence=95)
