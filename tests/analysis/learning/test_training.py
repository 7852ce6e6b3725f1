"""Learning: the same labels give the same model, nothing is judged by who has seen it, and real
tweets are told better than by the word lists.
"""

import time

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analysis.corpora import rows
from analysis.learning.lessons_of_bikes import bikes, english
from openroads.analysis.learning import training, wordbook
from openroads.analysis.learning.descent import minimise
from openroads.analysis.learning.features import CUES, Columns, read
from openroads.analysis.learning.model import ELSEWHERE
from openroads.analysis.learning.scores import confusion, macro_f1
from openroads.analysis.learning.training import (
    Labelled,
    TooFewLabels,
    learned,
    lessons,
    out_of_fold,
    train,
)
from openroads.analysis.pipeline import Analyser

TEXTS = st.lists(
    st.one_of(
        st.text(st.characters(exclude_categories=["Cs"]), max_size=40),
        st.sampled_from(["@anna", "https://a.b/c", "#fail", "not bad!!", "kan ik ?", "😡😡", "12:30", "'"]),
    ),
    max_size=6,
).map(" ".join)  # fmt: skip


def test_the_lowest_point_of_a_bowl_is_found():
    middle, steep = np.array([3.0, -2.0, 0.5]), np.array([1.0, 50.0, 0.1])
    found = minimise(
        lambda at: (float((steep * (at - middle) ** 2).sum()), 2 * steep * (at - middle)),
        np.zeros(3),
        tolerance=1e-12,
    )
    assert found == pytest.approx(middle, abs=1e-4)


def test_the_slope_is_the_slope_of_the_loss():
    """The products with weights and with errors are each other's transpose: (X w) e = w (X' e)."""
    taught = lessons(bikes(30), "tone")
    seen = training._Seen(taught.features)
    dice = np.random.default_rng(3)
    weights, errors = dice.normal(size=(3, seen.columns)), dice.normal(size=(30, 3))
    there = float((seen.scores(weights) * errors).sum())
    back = float((weights * seen.slopes(errors)).sum())
    assert there == pytest.approx(back, rel=1e-9)


def test_the_folded_model_scores_as_the_training_did():
    taught = lessons(bikes(60), "tone")
    fitted = training._fit(taught, np.arange(60))
    seen = training._Seen(taught.features)
    held = fitted.weights.copy()
    held[:, seen.first_cue : -1] /= training.CUE_WORTH
    scored = training._model(taught, fitted)._scores(taught.features)
    assert scored == pytest.approx(seen.scores(held), abs=1e-4)


def test_the_same_labels_give_the_same_model_also_with_other_words_in_the_book():
    first = train(bikes(80), "tone")
    wordbook._mine.book = None
    read(["words the book then knows before the others"], english(1))
    again = train(bikes(80), "tone")
    assert (again.version, again.digest) == (first.version, first.digest)
    assert train(bikes(81), "tone").version != first.version


def test_it_learns_what_the_words_mean_here():
    model = train(bikes(120), "tone")
    texts = ["the lamp failed after a week", "the lamp comes in blue", "so pleased with the lamp"]
    told = model.predict(texts, english(3))
    assert [model.classes[place] for place in told.classes] == ["negative", "neutral", "positive"]
    assert told.probabilities.sum(axis=1) == pytest.approx([1, 1, 1], abs=1e-6)
    assert model.labels == 120


def test_a_language_it_did_not_learn_is_left_alone():
    model = train(bikes(60), "tone")
    told = model.predict(["so pleased", "zo blij"], Columns(["en", "nl"], np.zeros(2, np.float32)))
    assert told.classes[0] != ELSEWHERE
    assert told.classes[1] == ELSEWHERE
    assert np.isnan(told.probabilities[1]).all()


def test_answers_that_are_all_the_same_teach_nothing():
    with pytest.raises(TooFewLabels):
        train(Labelled(["a", "b"], english(2), ["negative", "negative"]), "tone")
    with pytest.raises(ValueError, match="praise"):
        train(Labelled(["a", "b"], english(2), ["negative", "praise"]), "tone")
    with pytest.raises(ValueError, match="1 texts"):
        read(["a"], english(2))


def test_no_label_is_judged_by_a_model_that_has_seen_it():
    """Answers drawn by lot: who has seen them knows them by words that no other text has, who has
    not is right in a third of the cases."""
    dice = np.random.default_rng(5)
    texts = [f"word{number}x word{number}x other{number}y" for number in range(240)]
    values = [("negative", "neutral", "positive")[place] for place in dice.integers(0, 3, 240)]
    taught = lessons(Labelled([text for text in texts for _ in (1, 2)], english(480),
                              [value for value in values for _ in (1, 2)]), "tone")  # fmt: skip
    seen = learned(taught).predict_features(taught.features, ["en"] * 480).classes
    assert (seen == taught.truth).mean() > 0.9
    told = out_of_fold(taught).argmax(axis=1)
    assert (told == taught.truth).mean() < 0.45


def test_what_an_older_set_of_labels_would_have_told_is_tried_on_all():
    taught = lessons(bikes(200, noise=0.3), "tone")
    among = np.arange(200) < 40
    older, newer = out_of_fold(taught, among), out_of_fold(taught)
    assert older.shape == newer.shape == (200, 3)
    assert older.sum(axis=1) == pytest.approx(np.ones(200), abs=1e-5)
    few, many = (
        (probabilities.argmax(1) == taught.truth).mean() for probabilities in (older, newer)
    )
    assert few <= many


def test_labels_that_count_for_more_pull_harder():
    texts = [f"the belt squeaks {chr(97 + place)}" for place in range(20)]
    values = ["negative"] * 10 + ["neutral"] * 10
    heavy = np.array([5.0] * 10 + [0.2] * 10)
    for weights, expected in ((heavy, "negative"), (heavy[::-1].copy(), "neutral")):
        model = train(Labelled(texts, english(20), values, weights), "tone")
        told = model.predict(["the belt squeaks"], english(1)).classes[0]
        assert model.classes[told] == expected


def test_who_was_mentioned_and_a_word_of_one_post_leave_no_trace():
    texts = [*bikes(40).texts, "@anna jansenius broke", "@bob broke"]
    model = train(Labelled(texts, english(42), [*bikes(40).values, "negative", "negative"]), "tone")
    assert wordbook.hashed("jansenius") not in model.piece_keys
    assert wordbook.hashed("broke") in model.piece_keys
    same = model.predict(["@anna broke", "@somebody_else broke"], english(2)).probabilities
    assert same[0] == pytest.approx(same[1])


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(TEXTS, min_size=1, max_size=5))
def test_any_text_has_features_and_is_told_in_any_portion(texts):
    columns = Columns(
        ["en", "nl", "und", "de", "en"][: len(texts)], np.full(len(texts), 0.3, np.float32)
    )
    features = read(texts, columns)
    assert features.cues.shape == (len(texts), len(CUES))
    assert np.isfinite(features.cues).all()
    told = MODEL.predict(texts, columns).probabilities
    for row in range(len(texts)):
        alone = Columns([columns.language[row]], columns.tone[row : row + 1])
        one = MODEL.predict([texts[row]], alone).probabilities
        assert one[0] == pytest.approx(told[row], abs=1e-5, nan_ok=True)
    kept = np.arange(0, len(texts), 2)
    some = MODEL.predict_features(features.take(kept), [columns.language[row] for row in kept])
    assert some.probabilities == pytest.approx(told[kept], abs=1e-5, nan_ok=True)


MODEL = train(bikes(60), "tone")


def test_no_texts_are_told_nothing():
    assert MODEL.predict([], english(0)).probabilities.shape == (0, 3)


def test_a_full_book_is_followed_by_a_fresh_one(monkeypatch):
    monkeypatch.setattr(wordbook, "MOST", 50)
    wordbook._mine.book = None
    before = MODEL.predict(["so pleased with the belt"], english(1)).probabilities
    for number in range(5):
        MODEL.predict([f"new{number}a new{number}b " * 20], english(1))
        read([" ".join(f"w{number}x{place}" for place in range(60))], english(1))
    assert MODEL.predict(["so pleased with the belt"], english(1)).probabilities == pytest.approx(
        before
    )
    assert len(wordbook.wordbook()) < 200


@pytest.fixture(scope="module")
def tweets():
    found = rows("airline-tweets.csv")
    columns = Analyser(languages=("en",)).analyse([row["text"] for row in found])
    return lessons(
        Labelled(
            [row["text"] for row in found],
            Columns(["en"] * len(found), np.nan_to_num(columns.tone)),
            [row["airline_sentiment"] for row in found],
        ),
        "tone",
    )


@pytest.mark.parametrize(("labels", "asked"), [(200, 0.62), (1000, 0.70)])
def test_real_tweets_are_told_better_after_so_many_labels(tweets, labels, asked):
    """The file runs in time: labels before, the tweets they are tried on after."""
    half = len(tweets) // 2
    later = np.setdiff1d(np.arange(half, len(tweets)), _repeated(tweets, half))
    for places in (np.arange(labels), np.arange(half - labels, half)):
        model = learned(tweets.take(places))
        told = model.predict_features(tweets.features.take(later), ["en"] * len(later)).classes
        assert macro_f1(confusion(tweets.truth[later], told, 3)) >= asked


def _repeated(tweets, half):
    known = set(tweets.groups[:half].tolist())
    return [place for place in range(half, len(tweets)) if int(tweets.groups[place]) in known]


def test_new_text_is_told_at_more_than_three_thousand_posts_a_second():
    """A floor that holds on a busy machine; measured alone on one core it was above 15,000."""
    texts = [row["text"] for row in rows("airline-tweets.csv")[:4000]]
    MODEL.predict(texts[:10], english(10))
    began = time.process_time()
    MODEL.predict(texts, english(len(texts)))
    assert len(texts) / (time.process_time() - began) > 3_000
