"""Share of voice, the rival net sentiment and changes in volume, against figures worked out by hand."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from openroads.analysis.intervals import net_sentiment, wilson
from openroads.analysis.shares import (
    net_of_rated,
    rate_change,
    share_of_voice,
    spread_of_days,
)

US, THEM, OTHERS = 1, 2, 3
COUNTS = {frozenset({US}): 50, frozenset({THEM}): 30, frozenset({US, THEM}): 20}


def test_a_post_that_names_two_brands_counts_half_for_each() -> None:
    voice = share_of_voice(COUNTS, [US, THEM])
    assert voice.posts == 100
    assert voice.weights.tolist() == [60, 40]
    assert voice.share.value.tolist() == [0.6, 0.4]


def test_or_whole_for_each_and_then_shares_add_up_to_more() -> None:
    voice = share_of_voice(COUNTS, [US, THEM], rule="full")
    assert voice.share.value.tolist() == [0.7, 0.5]


def test_the_intervals_of_whole_posts_are_wilson_at_a_level_that_holds_for_all_at_once() -> None:
    voice = share_of_voice(COUNTS, [US, THEM], rule="full")
    each = wilson([70, 50], 100, confidence=0.975)
    assert voice.share.low == pytest.approx(each.low)
    assert voice.share.high == pytest.approx(each.high)
    # By hand: z = 2.2414, (.5 + 5.0239/200) / (1 + 5.0239/100) -+ ... for 50 of 100.
    assert float(voice.share.low[1]) == pytest.approx(0.3906, abs=2e-4)


def test_posts_in_parts_scatter_less() -> None:
    # n p(1-p) / (mean w^2 - p^2) = 100 x .24 / (.55 - .36) = 126.3 posts.
    voice = share_of_voice(COUNTS, [US, THEM])
    n, z, p = 24 / 0.19, 2.241403, 0.6
    half = z / (1 + z * z / n) * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    assert float(voice.share.high[0] - voice.share.low[0]) == pytest.approx(2 * half, abs=1e-6)


def test_brands_outside_the_set_count_for_nobody() -> None:
    voice = share_of_voice({frozenset({OTHERS}): 9, frozenset({US, OTHERS}): 1}, [US, THEM])
    assert (voice.posts, voice.share.value.tolist()) == (1, [1.0, 0.0])


def test_without_posts_a_share_is_unknown() -> None:
    voice = share_of_voice({}, [US, THEM])
    assert np.isnan(voice.share.value).all()
    assert (voice.share.low.tolist(), voice.share.high.tolist()) == ([0, 0], [1, 1])


named = st.dictionaries(
    st.frozensets(st.integers(1, 4), min_size=1), st.integers(0, 400), max_size=12
)


@given(named)
def test_shares_in_parts_add_up_to_one_and_lie_in_their_intervals(counts) -> None:  # type: ignore[no-untyped-def]
    voice = share_of_voice(counts, [1, 2, 3, 4])
    if not voice.posts:
        return
    assert voice.share.value.sum() == pytest.approx(1)
    assert (voice.share.low <= voice.share.value + 1e-12).all()
    assert (voice.share.high >= voice.share.value - 1e-12).all()


def test_the_rival_formulas_say_what_the_field_notes_say() -> None:
    assert float(net_sentiment(80, 20, 200).value) == 30
    rival = net_of_rated(80, 20)
    assert float(rival.value) == pytest.approx(60)
    share = wilson(80, 100)
    assert float(rival.low) == pytest.approx(100 * (2 * float(share.low) - 1))


def test_nobody_positive_or_negative_is_unknown() -> None:
    assert np.isnan(net_of_rated(0, 0).value)


def test_a_ratio_of_rates_with_the_interval_of_its_logarithm() -> None:
    change = rate_change(120, 80, now_days=30, before_days=30)
    assert float(change.value) == pytest.approx(1.5)
    # ln 1.5 -+ 1.96 sqrt(1/120 + 1/80) = .4055 -+ .2829
    assert (float(change.low), float(change.high)) == pytest.approx((1.1304, 1.9904), abs=2e-4)


def test_days_that_scatter_more_than_chance_widen_it() -> None:
    # Means 10 and 10; chi-squared (100 + 100)/10 + 0 over 3 + 3 degrees.
    assert spread_of_days([0, 20, 10, 10], [10, 10, 10, 10]) == pytest.approx(20 / 6)
    assert spread_of_days([3, 3], [5]) == 1
