"""The methods beside the one in use: EARS, Kleinberg, Farrington, and new words; by hand where one can."""

import math

import numpy as np
import pytest

from openroads.analysis.patterns.ears import c1, c2, c3
from openroads.analysis.patterns.hot import hot_stretches
from openroads.analysis.patterns.second_opinion import farrington
from openroads.analysis.patterns.words import PRIOR, risen_words
from tests.analysis.patterns.test_tails import added_up


def test_ears_by_hand() -> None:
    counts = np.array([[2, 4, 4, 4, 5, 5, 7, 10, 12, 30.0]])
    # The first seven have mean 31/7 and, with n - 1, variance 96/42.
    assert c1(counts).mean[0, 7] == pytest.approx(31 / 7)
    assert c1(counts).statistic[0, 7] == pytest.approx((10 - 31 / 7) / math.sqrt(96 / 42))
    assert np.isnan(c1(counts).statistic[0, 6]) and np.isnan(c2(counts).statistic[0, 8])
    # C2 of the last day looks at days t-9 to t-3: the same seven.
    assert c2(counts).statistic[0, 9] == pytest.approx((30 - 31 / 7) / math.sqrt(96 / 42))
    assert c2(counts).out[0].tolist() == [False] * 9 + [True]


def test_c3_adds_up_three_days() -> None:
    counts = np.array([[2, 4, 4, 4, 5, 5, 7, 6, 6, 8, 8, 9.0]])
    statistic = c2(counts).statistic[0]
    by_hand = sum(max(statistic[day] - 1, 0) for day in (9, 10, 11))
    assert c3(counts)[0, 11] == pytest.approx(by_hand)


def test_seven_equal_days_say_nothing_of_how_much_days_differ() -> None:
    assert not c1(np.array([[3.0] * 7 + [4]])).out.any()


def test_kleinberg_by_hand() -> None:
    # Of 20 posts each week 1, 1, 5, 5, 1: 13 of 100. In a hot week of five the state of twice that rate
    # is better by 5 ln 2 + 15 ln(.74/.87) = 1.038; two such outweigh the ln 5 it costs to rise.
    (hot,) = hot_stretches([1, 1, 5, 5, 1], [20] * 5)
    assert (hot.first, hot.last) == (2, 3)
    assert hot.weight == pytest.approx(2 * (5 * math.log(2) + 15 * math.log(0.74 / 0.87)))


def test_one_hot_week_may_not_be_worth_the_rise() -> None:
    assert hot_stretches([1, 1, 4, 1, 1], [20] * 5) == [], "4 ln 2 + 16 ln(.84/.92) is 1.32"


def test_a_week_in_which_everything_is_loud_is_not_hot() -> None:
    assert hot_stretches([5, 5, 50, 5, 5], [100, 100, 1000, 100, 100]) == []
    assert hot_stretches([0, 0], [10, 10]) == [] and hot_stretches([], []) == []
    with pytest.raises(ValueError, match="no more can be relevant"):
        hot_stretches([11], [10])


def test_farrington_by_hand() -> None:
    # Twenty tens: no trend to speak of, dispersion 1. One period ahead the regression line has the
    # leverage 1/20 + 10.5^2/665 = .2158, so tau = 1.2158; z of one in a thousand is 3.0902.
    told = farrington(np.full(20, 10.0), chance=0.001)
    assert told.mean == pytest.approx(10, rel=1e-6)
    limit = 10 * (1 + 2 / 3 * 3.090232 * math.sqrt(1.2157895 / 10)) ** 1.5
    assert told.limit == pytest.approx(limit, rel=1e-5)


def test_farrington_does_not_let_a_past_storm_lift_its_limit() -> None:
    calm = np.array([9, 11, 10, 12, 8, 10, 11, 9, 10, 10, 12, 9.0] * 2)
    stormy = calm.copy()
    stormy[10] = 90
    plain, after = farrington(calm), farrington(stormy)
    assert plain.limit is not None and after.limit is not None
    assert after.limit < 45, "without weighing it down it is beyond 60"


def test_farrington_says_nothing_of_next_to_nothing() -> None:
    assert farrington(np.array([0, 0, 1, 0, 0.0]), last_four=1).limit is None
    assert farrington(np.zeros(8)).limit is None and farrington(np.array([3.0])).limit is None


def test_a_new_word_by_the_posterior_predictive() -> None:
    told = risen_words([6, 6], [9, 0], posts_now=100, posts_before=1000)
    assert told.mean.tolist() == pytest.approx([0.95, 0.05])
    assert told.chance[0] == pytest.approx(added_up(6, 0.95, 1 / (9 + PRIOR) + 0.05), rel=1e-9)
    assert told.chance[1] < told.chance[0]
    assert told.out.tolist() == [True, True]


def test_a_word_as_usual_is_not_new() -> None:
    told = risen_words([12, 3, 40], [100, 0, 380], posts_now=100, posts_before=1000)
    assert told.out.tolist() == [False, False, False], "as before; too few posts; as before"


def test_without_a_past_no_word_is_new() -> None:
    assert not risen_words([10], [0], posts_now=10, posts_before=0).out.any()
