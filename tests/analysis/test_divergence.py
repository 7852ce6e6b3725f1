"""The divergence is the published one, its interval covers, and chance stays inside its band."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from openroads.analysis import bands, divergence
from openroads.analysis.divergence import Documents

COUNTS = st.lists(st.tuples(st.integers(0, 90), st.integers(0, 90)), min_size=1, max_size=30)


def common_shares(terms: int) -> np.ndarray:
    shares = 1 / np.arange(1, terms + 1)
    return shares / shares.sum()


def drawn(random, shares, documents, words=10) -> Documents:
    return Documents.of(
        [np.unique(random.choice(len(shares), words, p=shares)).tolist() for _ in range(documents)]
    )


def test_the_divergence_has_its_golden_value():
    p, q = (0.5, 0.1, 0.4), (0.1, 0.5, 0.4)
    assert divergence.divergence(p, q) == pytest.approx(0.209987, abs=1e-6)
    shares = divergence.divergence_shares(p, q)
    np.testing.assert_allclose(shares, [0.104994, 0.104994, 0.0], atol=1e-6)
    assert divergence.gap_score(p, q) == pytest.approx(0.209987**0.5, abs=1e-6)


@given(COUNTS)
def test_the_gap_is_symmetric_bounded_and_the_sum_of_its_words(pairs):
    first, second = np.array(pairs).T
    score = float(divergence.gap_score(first, second))
    assert 0 <= score <= 1
    assert score == pytest.approx(float(divergence.gap_score(second, first)))
    shares = divergence.divergence_shares(first, second)
    assert (shares >= 0).all()
    assert shares.sum() == pytest.approx(score**2, abs=1e-9)
    assert float(divergence.gap_score(first, first * 3)) == pytest.approx(0, abs=1e-7)


def test_no_word_shared_is_the_whole_gap_and_an_empty_side_is_none():
    assert divergence.gap_score([3, 0], [0, 9]) == 1
    assert divergence.gap_score([3, 1], [0, 0]) == 0


def test_documents_keep_only_the_words_of_the_vocabulary():
    documents = Documents.of_ids([0, 3, 3, 5], [70, 5, 9, 9, 1], [9, 70, 30])
    assert documents.offsets.tolist() == [0, 2, 2, 3]
    assert documents.terms.tolist() == [1, 0, 0]
    assert documents.counts(3).tolist() == [2, 1, 0]
    assert len(Documents.of_ids([0, 2], [5, 6], [])) == 1


def test_the_chance_band_holds_a_null_gap_about_95_times_in_100():
    random = np.random.default_rng(11)
    shares = common_shares(400)
    inside, runs = 0, 120
    for run in range(runs):
        they, we = drawn(random, shares, 900), drawn(random, shares, 120)
        counts = they.counts(400)
        score = float(divergence.gap_score(counts, we.counts(400)))
        band = bands.chance_band(counts, 900, they, we, draws=100, seed=run)
        inside += band.low <= score <= band.high
    assert 0.87 <= inside / runs <= 0.995


def test_a_sample_of_the_posts_gives_the_band_of_all_posts():
    random = np.random.default_rng(5)
    shares = common_shares(300)
    they, we = drawn(random, shares, 6_000), drawn(random, shares, 200)
    counts = they.counts(300)
    whole = bands.chance_band(counts, 6_000, they, we)
    sample = Documents(they.offsets[:1_501], they.terms[: they.offsets[1_500]])
    part = bands.chance_band(counts, 6_000, sample, we)
    assert (part.low, part.high) == pytest.approx((whole.low, whole.high), abs=0.006)


def test_a_real_gap_lies_far_beyond_the_chance_band():
    random = np.random.default_rng(6)
    shares = common_shares(300)
    they, we = drawn(random, shares, 2_000), drawn(random, shares[::-1], 150)
    counts = they.counts(300)
    band = bands.chance_band(counts, 2_000, they, we)
    assert float(divergence.gap_score(counts, we.counts(300))) > band.high + 0.2


def test_the_interval_covers_what_other_samples_of_the_same_size_would_give():
    random = np.random.default_rng(8)
    they_shares = common_shares(200)
    we_shares = np.roll(they_shares, 30)
    runs = [(drawn(random, they_shares, 800), drawn(random, we_shares, 150)) for _ in range(60)]
    scores = [float(divergence.gap_score(t.counts(200), w.counts(200))) for t, w in runs]
    centre = float(np.mean(scores))
    found = [bands.score_interval(t.counts(200), w) for t, w in runs]
    covered = np.mean([band.low <= centre <= band.high for band in found])
    assert covered >= 0.88
    for score, band in zip(scores, found, strict=True):
        assert band.low <= score <= band.high


def test_bands_from_counts_agree_with_bands_from_documents():
    random = np.random.default_rng(9)
    shares = common_shares(200)
    they, we = drawn(random, shares, 2_000), drawn(random, shares, 300)
    a, b = they.counts(200), we.counts(200)
    by_documents = bands.chance_band(a, 2_000, they, we)
    by_counts = bands.chance_of_counts(a, b)
    assert by_counts.high == pytest.approx(by_documents.high, rel=0.15)
    wide, narrow = bands.score_interval(a, we), bands.interval_of_counts(a, b)
    assert narrow.high - narrow.low == pytest.approx(wide.high - wide.low, rel=0.5)


def by_hand(random, they, we, draws=3_000) -> np.ndarray:
    """Whole scores of whole Poisson draws: what the bands from counts are short for."""
    shape = (draws, len(they))
    return divergence.gap_score(random.poisson(they, shape), random.poisson(we, shape))


@pytest.mark.parametrize(("posts", "passages", "turn"), [(5_000, 400, 20), (200, 40, 0)])
def test_bands_from_counts_are_as_wide_as_thousands_of_whole_draws(posts, passages, turn):
    random = np.random.default_rng(12)
    shares = common_shares(300)
    they = drawn(random, shares, posts).counts(300)
    we = drawn(random, np.roll(shares, turn), passages).counts(300)
    interval = bands.interval_of_counts(they, we)
    by_draws = by_hand(random, they, we).std() * 3.92
    assert interval.high - interval.low == pytest.approx(by_draws, rel=0.15)
    common = (they + we) / (they + we).sum()
    scores = by_hand(random, common * they.sum(), common * we.sum())
    chance = bands.chance_of_counts(they, we)
    assert chance.high - chance.low == pytest.approx(scores.std() * 3.92, rel=0.15)
    assert (chance.low + chance.high) / 2 == pytest.approx(scores.mean(), abs=0.75 * scores.std())


def test_a_shuffle_counts_every_word_of_every_document():
    # Four documents of ours and four of theirs without a word in common: a shuffle that keeps ours
    # together is the whole gap, one that takes two of each is the smallest.
    we, they = Documents.of([[0]] * 4), Documents.of([[1]] * 4)
    band = bands.chance_band([0, 4], 4, they, we, draws=2_000, confidence=0.999)
    assert band.high == pytest.approx(1)
    assert band.low == pytest.approx(0, abs=1e-9)


def test_the_same_seed_gives_the_same_band():
    random = np.random.default_rng(10)
    shares = common_shares(100)
    they, we = drawn(random, shares, 300), drawn(random, shares, 50)
    counts = they.counts(100)
    found = {bands.chance_band(counts, 300, they, we, seed=4) for _ in range(3)}
    assert len(found) == 1
    assert bands.chance_band(counts, 300, they, we, seed=5) not in found


def test_nothing_read_gives_a_band_that_says_nothing():
    nothing = Documents.of([])
    assert bands.chance_band([1, 2], 3, nothing, nothing) == bands.Band(0.0, 1.0)
    assert bands.score_interval([1, 2], nothing) == bands.Band(0.0, 1.0)
    assert bands.interval_of_counts([0, 0], [1, 2]) == bands.Band(0.0, 1.0)


def test_the_figure_a_reader_sees_is_rounded_half_up():
    assert [divergence.per_hundred(score) for score in (0.465, 0.4649, 1.0)] == [47, 46, 100]
