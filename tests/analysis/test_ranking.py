"""BM25 against figures worked out by hand from formula 3.15 of Robertson and Zaragoza (2009)."""

import math

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from openroads.analysis.ranking import bm25, rarity


def test_the_weight_of_a_word_is_that_of_robertson_and_sparck_jones_with_one_added():
    # N 4, n 1: ln(1 + 3.5 / 1.5) = ln(3.3333); n 4: ln(1 + 0.5 / 4.5) = ln(1.1111)
    assert rarity(4, 1) == pytest.approx(1.2039728, abs=1e-7)
    assert rarity(4, 4) == pytest.approx(0.1053605, abs=1e-7)
    assert rarity(1_000, 1_000) > 0, "a word that stands everywhere never counts against a text"


def test_a_score_worked_out_by_hand():
    told = {"usual": 10.0, "texts": 4, "holding": {"accu": 1, "winter": 2}}
    # As long as usual: slack 1.2; 1.2039728 * 2 * 2.2 / 3.2
    assert bm25(["accu"], {"accu": 2}, length=10, **told) == pytest.approx(1.6554626, abs=1e-6)
    # Twice as long: slack 1.2 * (0.25 + 0.75 * 2) = 2.1; 1.2039728 * 4.4 / 4.1
    assert bm25(["accu"], {"accu": 2}, length=20, **told) == pytest.approx(1.2920683, abs=1e-6)
    # Two words add up: ln(1 + 2.5 / 2.5) = 0.6931472 times 2.2 / 2.2
    both = bm25(["accu", "winter", "accu"], {"accu": 2, "winter": 1}, length=10, **told)
    assert both == pytest.approx(1.6554626 + 0.6931472, abs=1e-6)


def test_without_a_shared_word_it_is_nothing():
    assert bm25(["slot"], {"accu": 3}, length=3, usual=3, texts=1, holding={}) == 0.0
    with pytest.raises(ValueError, match="cannot hold"):
        rarity(2, 3)


# A machine that is busy with other tests makes examples slowly.
@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(
    st.integers(1, 50), st.integers(1, 50), st.integers(1, 1_000), st.integers(1, 1_000),
    st.integers(1, 10_000),
)  # fmt: skip
def test_more_of_a_word_is_never_worse_and_never_without_end(times, more, length, usual, texts):
    told = {"length": length, "usual": usual, "texts": texts, "holding": {"a": 1}}
    few, many = (bm25(["a"], {"a": n}, **told) for n in (times, times + more))
    assert few <= many <= rarity(texts, 1) * 2.2 + 1e-9
    assert math.isfinite(many)
