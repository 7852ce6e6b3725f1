"""Keyness gives the published figures, and calls little where nothing differs."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from openroads.analysis import keyness

TABLES = [
    ((120, 40, 1e5, 2e5), 116.1569, 116.2236, 2.5850),
    ((0, 15, 5000, 5000), 20.7944, 20.8169, -4.9069),
    ((7, 0, 1000, 9000), 32.2362, 32.2804, 6.9773),
]


@pytest.mark.parametrize(("table", "two", "four", "ratio"), TABLES)
def test_log_likelihood_and_log_ratio_have_their_golden_values(table, two, four, ratio):
    assert keyness.log_likelihood(*table, cells=2) == pytest.approx(two, abs=1e-4)
    assert keyness.log_likelihood(*table, cells=4) == pytest.approx(four, abs=1e-4)
    assert keyness.log_ratio(*table) == pytest.approx(ratio, abs=1e-4)


def test_effect_sizes_of_the_first_table():
    a, b, c, d = 120, 40, 1e5, 2e5
    g2 = keyness.log_likelihood(a, b, c, d)
    assert keyness.bayes_factor(g2, c, d) == pytest.approx(103.612, abs=1e-3)
    assert keyness.percent_difference(a, b, c, d) == pytest.approx(500)
    assert keyness.simple_maths(a, b, c, d, k=100) == pytest.approx(1300 / 300)
    assert np.isposinf(keyness.percent_difference(7, 0, 1000, 9000))


@pytest.mark.parametrize(("terms", "z"), [(2, 9.8086), (4, 9.8064)])
def test_log_odds_has_its_golden_value(terms, z):
    found = keyness.log_odds(
        [120], [40], first_size=1e5, second_size=2e5, prior=[160 / 3e5 * 500], terms=terms
    )
    assert found.delta[0] == pytest.approx(1.7858, abs=1e-4)
    assert found.z[0] == pytest.approx(z, abs=1e-4)


@given(
    st.lists(st.tuples(st.integers(0, 500), st.integers(0, 500)), min_size=2, max_size=40),
)
def test_swapping_the_sides_turns_the_sign_and_nothing_else(pairs):
    first, second = np.array(pairs).T
    if not first.sum() or not second.sum():
        return
    for odds in (keyness.log_odds, keyness.balanced_log_odds):
        there, back = odds(first, second), odds(second, first)
        np.testing.assert_allclose(there.z, -back.z, atol=1e-9)
        assert np.isfinite(there.z).all()


def test_for_sides_of_one_size_the_balanced_prior_is_the_plain_one():
    first, second = np.array([30, 10, 60]), np.array([10, 50, 40])
    np.testing.assert_allclose(
        keyness.balanced_log_odds(first, second).z, keyness.log_odds(first, second).z
    )


def test_a_word_only_the_small_side_says_is_found():
    they, we = np.array([0, 130_000]), np.array([20, 2_480])
    assert abs(keyness.log_odds(they, we).z[0]) < 3.3
    assert keyness.balanced_log_odds(they, we).z[0] < -6


@pytest.mark.parametrize("size", [300, 3_000])
def test_a_null_split_of_documents_gives_few_sure_words(size):
    random = np.random.default_rng(7)
    shares = 1 / np.arange(1, 2_001)
    words = random.choice(2_000, (6_000, 10), p=shares / shares.sum())
    false = tested = 0
    for _ in range(10):
        chosen = np.zeros(6_000, dtype=bool)
        chosen[random.choice(6_000, size, replace=False)] = True
        we = np.bincount(words[chosen].ravel(), minlength=2_000)
        they = np.bincount(words[~chosen].ravel(), minlength=2_000)
        common = (they >= 10) | (we >= 5)
        z = keyness.balanced_log_odds(they, we).z[common]
        false, tested = false + int((np.abs(z) >= 3.3).sum()), tested + int(common.sum())
    assert false / tested < 0.003


def test_benjamini_hochberg_gives_the_textbook_steps():
    q = keyness.benjamini_hochberg([0.01, 0.04, 0.03, 0.005])
    np.testing.assert_allclose(q, [0.02, 0.04, 0.04, 0.02])
    assert keyness.benjamini_hochberg([]).size == 0


def test_p_of_z_is_the_normal_tail():
    np.testing.assert_allclose(
        keyness.two_sided_p([0, 1.959964, -3.2905]), [1, 0.05, 0.001], atol=1e-5
    )
