"""Shares of classes, labels in proportion, and what models make of an analysis."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.corpora import rows
from analysis.learning.lessons_of_bikes import bikes, english
from openroads.analysis.learning.applying import applied, outcomes
from openroads.analysis.learning.features import Columns
from openroads.analysis.learning.quantifying import corrected_shares
from openroads.analysis.learning.sampling import allocated, effective_size, in_proportion
from openroads.analysis.learning.training import Labelled, train
from openroads.analysis.pipeline import ANALYSER, Analyser

TELLS = np.array([[0.7, 0.2, 0.1], [0.2, 0.6, 0.2], [0.1, 0.1, 0.8]])
"""How each true class is told on average."""


def told_of(truth, seed):
    """Probabilities as a model with these habits gives them."""
    dice = np.random.default_rng(seed)
    return np.vstack([dice.dirichlet(4 * TELLS[place]) for place in truth])


def labels(size, seed=1):
    truth = np.random.default_rng(seed).integers(0, 3, size).astype(np.int8)
    return told_of(truth, seed), truth


@pytest.mark.parametrize("real", [(0.8, 0.1, 0.1), (0.1, 0.8, 0.1), (0.05, 0.0, 0.95)])
def test_shares_are_found_behind_the_errors_of_the_model(real):
    tried, truth = labels(900)
    posts = np.repeat(np.arange(3), (np.array(real) * 4000).astype(int))
    found = corrected_shares(told_of(posts, 2), tried, truth)
    assert found.why_not == ""
    assert found.corrected == pytest.approx(real, abs=0.04)
    assert np.abs(found.raw - real).max() > np.abs(found.corrected - real).max()
    assert (found.low <= found.corrected).all()
    assert (found.corrected <= found.high).all()


def test_the_interval_holds_the_truth_nineteen_times_in_twenty():
    held = []
    for seed in range(60):
        tried, truth = labels(300, 100 + seed)
        posts = np.repeat(np.arange(3), (300, 100, 100))
        found = corrected_shares(told_of(posts, 500 + seed), tried, truth)
        # Among 500 posts the real shares are exactly .6, .2, .2.
        held += ((found.low <= [0.6, 0.2, 0.2]) & ([0.6, 0.2, 0.2] <= found.high)).tolist()
    assert 0.9 <= np.mean(held) <= 1.0


def test_counts_are_corrected_by_the_confusion_table():
    """Forman's adjusted count for two classes: (p - fpr) / (tpr - fpr)."""
    truth = np.array([0] * 50 + [1] * 50, np.int8)
    tried = np.eye(2)[[0] * 40 + [1] * 10 + [0] * 5 + [1] * 45]
    found = corrected_shares(np.eye(2)[[0] * 60 + [1] * 40], tried, truth)
    assert found.corrected[0] == pytest.approx((0.6 - 0.1) / (0.8 - 0.1))
    assert found.raw.tolist() == [0.6, 0.4]


def test_what_cannot_be_corrected_says_why_and_stays_raw():
    tried, truth = labels(300)
    told = TELLS[[0, 0, 1]]
    few = np.flatnonzero((truth != 2) | (np.cumsum(truth == 2) < 10))
    assert corrected_shares(told, tried[few], truth[few]).why_not == "too_few_labels"
    alike = corrected_shares(told, np.full((300, 3), 1 / 3), truth)
    assert alike.why_not == "classes_alike"
    assert alike.corrected.tolist() == alike.raw.tolist() == pytest.approx([2 / 3, 1 / 3, 0])
    assert np.isnan(alike.low).all()
    assert corrected_shares(told[:0], tried, truth).why_not == "no_posts"


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(0, 2), min_size=1, max_size=30), st.integers(0, 1000))
def test_shares_always_are_shares(posts, seed):
    found = corrected_shares(told_of(posts, seed), *labels(120, seed))
    for shares in (found.raw, found.corrected):
        assert shares.sum() == pytest.approx(1)
        assert (shares >= 0).all()
    assert (0 <= found.low).all()
    assert (found.high <= 1 + 1e-9).all()


def test_a_sample_is_spread_over_the_languages():
    assert allocated({"nl": 900, "en": 90}, 20) == {"en": 10, "nl": 10}
    assert allocated({"nl": 900, "en": 3, "de": 0}, 20) == {"de": 0, "en": 3, "nl": 17}
    assert allocated({"nl": 5, "en": 3}, 20) == {"en": 3, "nl": 5}
    assert allocated({"a": 9, "b": 9, "c": 9}, 10) == {"a": 4, "b": 3, "c": 3}
    assert allocated({}, 10) == {}


@given(st.dictionaries(st.sampled_from("abcdef"), st.integers(0, 50)), st.integers(0, 120))
def test_as_many_are_drawn_as_asked_or_as_there_are(population, size):
    drawn = allocated(population, size)
    assert sum(drawn.values()) == min(size, sum(population.values()))
    assert all(0 <= drawn[name] <= population[name] for name in population)
    unfilled = sorted(drawn[name] for name in drawn if drawn[name] < population[name])
    assert all(later - earlier <= 1 for earlier, later in pairwise(unfilled))


def test_corrections_are_brought_back_to_their_place():
    """A random sample in which the analyser is wrong in a fifth, and 300 mistakes besides."""
    truth = np.array([0] * 80 + [0] * 20 + [0] * 300, np.int8)
    told = np.array([0] * 80 + [1] * 20 + [1] * 300, np.int8)
    random = np.arange(400) < 100
    weights = in_proportion(truth, told, random, 3)
    assert weights[told == 1].sum() / weights.sum() == pytest.approx(0.2, abs=0.01)
    assert weights.sum() == pytest.approx(effective_size(weights))
    assert len(set(np.round(weights[told == 1], 9))) == 1, (
        "a mistake is a mistake, however it came in"
    )
    plain = in_proportion(truth, told, np.zeros(400, bool), 3)
    assert (plain == 1).all()


def test_a_mistake_the_random_sample_did_not_meet_counts_a_little():
    truth = np.array([0] * 100 + [2] * 50, np.int8)
    told = np.array([0] * 100 + [0] * 50, np.int8)
    weights = in_proportion(truth, told, np.arange(150) < 100, 3)
    assert 0 < weights[100:].sum() / weights.sum() < 0.01


def test_weights_of_the_random_sample_stay():
    base = np.array([3.0, 1.0] * 50)
    weights = in_proportion(
        np.zeros(100, np.int8), np.zeros(100, np.int8), np.ones(100, bool), 3, base
    )
    assert weights[0] / weights[1] == pytest.approx(3)
    assert in_proportion(
        np.zeros(2, np.int8), np.full(2, -1, np.int8), np.ones(2, bool), 3
    ).tolist() == [1, 1]


TEXTS = [
    "the lamp failed after a week",
    "de lamp is stuk",
    "Wann kommt es?",
    "so pleased with the lamp",
    "",
]


def test_a_model_overrules_mood_and_kind_in_its_language_only():
    model = train(bikes(120), "tone")
    before = Analyser().analyse(TEXTS)
    after = applied([model], TEXTS, before)
    assert before.language[:4] == ["en", "nl", "de", "en"]
    assert after.mood.tolist() == [-1, *before.mood[1:3].tolist(), 1, before.mood[4]]
    assert after.kind[0] == "complaint", "the rules know that what is negative is a complaint"
    assert after.tone.tolist() == pytest.approx(before.tone.tolist(), nan_ok=True)
    assert after.term_keys == before.term_keys
    assert applied([], TEXTS, before) is before


def test_the_outcome_never_builds_on_an_earlier_model():
    model = train(bikes(120), "tone")
    analysis = Analyser().analyse(TEXTS)
    once = applied([model], TEXTS, analysis)
    again = applied([model], TEXTS, once)
    assert again.mood.tolist() == once.mood.tolist()
    back = outcomes(TEXTS, Columns.of(once), [])
    assert back.mood.tolist() == analysis.mood.tolist()
    assert back.kind == analysis.kind
    assert back.analyser == [ANALYSER] * 5


@pytest.mark.parametrize("corpus", ["support-tweets.csv", "bol-reviews-nl.csv"])
def test_without_models_the_outcome_is_that_of_the_analyser(corpus):
    """Also after the tone was kept in four bytes, as the archive does."""
    texts = [row["text"] for row in rows(corpus)][:600]
    analysis = Analyser().analyse(texts)
    found = outcomes(texts, Columns.of(analysis), [])
    assert found.mood.tolist() == analysis.mood.tolist()
    assert found.kind == analysis.kind


def test_a_model_of_kinds_has_the_last_word():
    tone = train(bikes(120), "tone")
    texts = [
        f"the {thing} {end}"
        for thing in ("lamp", "belt", "bell") * 8
        for end in ("works", "failed")
    ]
    values = ["other", "question"] * 24
    kind = train(Labelled(texts, english(48), values), "kind")
    found = outcomes(
        ["the lamp failed", "de lamp"], Columns(["en", "nl"], np.zeros(2, np.float32)), [kind, tone]
    )
    assert found.mood[0] == -1
    assert found.kind[0] == "question"
    assert found.analyser == [f"{ANALYSER}+{tone.version}+{kind.version}", ANALYSER]
