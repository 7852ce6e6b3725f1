"""Shrunk reactions, PageRank on graphs small enough for paper, and who was early beyond chance."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from openroads.analysis.makers import (
    expected_first,
    lead_days,
    page_rank,
    shrunken_rates,
)


def test_the_fewer_the_posts_the_nearer_to_the_mean() -> None:
    # m = 16/20 = .8; A = 11.2/20 - .8/5 = .4; b = .8/.4 = 2.
    found = shrunken_rates([10, 0, 2, 4], [5, 5, 5, 5])
    assert (found.mean, found.weight) == pytest.approx((0.8, 2.0))
    assert found.rate.value.tolist() == pytest.approx([11.6 / 7, 1.6 / 7, 3.6 / 7, 5.6 / 7])


def test_the_interval_is_that_of_the_gamma() -> None:
    # Gamma(11.6, 7) integrated numerically: quantiles .025 and .975 are .84504 and 2.73813.
    found = shrunken_rates([10, 0, 2, 4], [5, 5, 5, 5])
    assert float(found.rate.low[0]) == pytest.approx(0.84504, abs=0.0015)
    assert float(found.rate.high[0]) == pytest.approx(2.73813, abs=0.001)


def test_authors_that_differ_by_luck_alone_stand_at_the_mean() -> None:
    found = shrunken_rates([4, 6, 5, 5], [5, 5, 5, 5])
    assert found.rate.value.tolist() == [1, 1, 1, 1]
    assert found.weight == np.inf


def test_one_post_that_went_round_draws_its_author_further_to_the_mean() -> None:
    even = shrunken_rates([10, 0, 2, 4], [5, 5, 5, 5], [20, 0, 2, 4])
    lucky = shrunken_rates([10, 0, 2, 4], [5, 5, 5, 5], [30, 0, 2, 4])
    # Within authors: (30 - 20) + 0 + (2 - .8) + (4 - 3.2) = 12 over 16 degrees and .8: spread .9375 -> 1.
    assert lucky.spread == 1
    wild = shrunken_rates([10, 0, 2, 4], [5, 5, 5, 5], [44, 0, 4, 16])
    # (44 - 20) + (4 - .8) + (16 - 3.2) = 40 over 16 and .8: 3.125; A = .56 - 3.125 x .16 = .06.
    assert wild.spread == pytest.approx(3.125)
    assert wild.weight == pytest.approx(3.125 * 0.8 / 0.06)
    assert wild.rate.value[0] < even.rate.value[0]


def test_without_any_reaction_there_is_nothing_to_tell() -> None:
    assert shrunken_rates([], []).rate.value.tolist() == []
    assert shrunken_rates([0, 0], [3, 4]).rate.value.tolist() == [0, 0]


def test_page_rank_of_one_who_answers_another() -> None:
    # r1 = .075 + .85 r2/2, r1 + r2 = 1.
    assert page_rank([0], [1], [1], 2).tolist() == pytest.approx([0.5 / 1.425, 0.925 / 1.425])


def test_page_rank_of_two_who_answer_a_third() -> None:
    # r2 = .05 + .85 r1/3 = r3, r1 = 1 - 2 r2.
    found = page_rank([1, 2], [0, 0], [1, 1], 3).tolist()
    assert found == pytest.approx([0.574468, 0.212766, 0.212766], abs=1e-6)


def test_page_rank_of_a_ring_is_even_and_nobody_answers_themselves() -> None:
    assert page_rank([0, 1, 2], [1, 2, 0], [5, 1, 2], 3).tolist() == pytest.approx([1 / 3] * 3)
    own = page_rank([0, 0, 1, 2], [0, 1, 2, 0], [9, 1, 1, 1], 3)
    assert own.tolist() == pytest.approx([1 / 3] * 3)


def test_who_reacts_twice_as_often_hands_on_twice_as_much() -> None:
    # From 0: two thirds to 1, one third to 2, both idle: r1 - r2 = .85 r0/3.
    found = page_rank([0, 0], [1, 2], [2, 1], 3)
    assert found[1] - found[2] == pytest.approx(0.85 * found[0] / 3)


@given(st.lists(st.tuples(st.integers(0, 7), st.integers(0, 7), st.integers(1, 9)), max_size=30))
def test_page_rank_adds_up_to_one(ties: list[tuple[int, int, int]]) -> None:
    source, target, times = zip(*ties, strict=True) if ties else ((), (), ())
    assert page_rank(source, target, times, 8).sum() == pytest.approx(1)


def test_the_first_of_some_posts_drawn_at_random() -> None:
    # One post on day 0, three on day 1: alone .75 days, of two (3/4)^2.
    assert expected_first([1, 3], 1) == pytest.approx(0.75)
    assert expected_first([1, 3], 2) == pytest.approx(0.5625)


def test_lead_is_against_chance_over_three_words_or_more() -> None:
    word = ([1, 3], 1, 0)
    assert lead_days([word, word]) is None
    assert lead_days([word, word, ([1, 3], 2, 1)]) == pytest.approx((0.75 + 0.75 + 0.5625 - 1) / 3)
