"""The whole analysis: consistent columns for any text, the same outcome in any order and any
portion.
"""

import pickle
import time

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analysis.corpora import rows
from openroads.analysis.pipeline import Analyser, Analysis, Name, joined

NAMES = (Name(1, "brand", ("Windmee",)), Name(2, "product", ("Kade",), 1))
ANALYSER = Analyser(names=NAMES)
PIECES = st.one_of(
    st.text(st.characters(exclude_categories=["Cs"]), max_size=60),
    st.sampled_from(
        [
            "de accu is niet goed", "@windmee", "#kade", "Kade's", "https://a.b/c", "👩‍👩‍👧‍👦", "🇳🇱", "🙄", "\x00\x1f",
            "&amp;&#0;&#xD800;", "not bad but", "a@b.nl", "'", "é", "maar niet", "!!!", "??", "RT @x:", ":-)", "\u200d\ufe0f", "İ",
        ]
    ),
)  # fmt: skip
TEXTS = st.lists(PIECES, max_size=8).map(" ".join)


def assert_consistent(found: Analysis, texts: int) -> None:
    for column in (
        found.language, found.kind, found.hashtags, found.mentions, found.emoji,
        found.brands, found.products, found.language_p, found.tone, found.mood, found.words, found.same_key,
    ):  # fmt: skip
        assert len(column) == texts
    assert found.bands.shape == (texts, 8)
    assert found.term_offsets.shape == (texts + 1,)
    assert found.term_offsets[0] == 0
    assert (np.diff(found.term_offsets) >= 0).all()
    assert found.term_offsets[-1] == len(found.term_keys) == len(found.term_shown)
    assert all(found.term_keys)
    assert all(found.term_shown)
    for row in range(texts):
        own = found.term_keys[found.term_offsets[row] : found.term_offsets[row + 1]]
        assert len(own) == len(set(own))
    known = ~np.isnan(found.tone)
    assert (np.abs(found.tone[known]) <= 1).all()
    assert (known == (found.mood != -128)).all()
    assert ((found.language_p >= 0) & (found.language_p <= 1)).all()
    assert set(found.kind) <= {"question", "complaint", "praise", "other"}


def columns(analysis: Analysis) -> dict[str, object]:
    """What an analysis says, whatever the order of the forms it lists."""
    forms = {"term_forms", "form_keys", "form_shown"}
    said = {name: value for name, value in vars(analysis).items() if name not in forms}
    return said | {"keys": analysis.term_keys, "shown": analysis.term_shown}


def same(one: Analysis, other: Analysis) -> bool:
    return all(
        np.array_equal(a, b, equal_nan=a.dtype.kind == "f") if isinstance(a, np.ndarray) else a == b
        for a, b in zip(columns(one).values(), columns(other).values(), strict=True)
    )


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(TEXTS, max_size=5))
def test_any_text_gives_consistent_columns(texts):
    assert_consistent(ANALYSER.analyse(texts), len(texts))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(TEXTS, min_size=1, max_size=6), st.integers(1, 5))
def test_the_outcome_does_not_depend_on_the_portions(texts, size):
    whole = ANALYSER.analyse(texts)
    parts = [ANALYSER.analyse(texts[at : at + size]) for at in range(0, len(texts), size)]
    assert same(whole, joined(parts))


def test_a_fresh_analyser_gives_the_same_outcome_as_a_used_one():
    texts = ["De accu is kapot", "Great bike, love it!", "😍", "hallo #kade", "niet te geloven"]
    assert same(Analyser(names=NAMES).analyse(texts), ANALYSER.analyse(texts))


@pytest.mark.parametrize(
    "text",
    [
        "accu " * 20_000,
        "a" * 100_000,
        "NOT GOOD but GREAT bad " * 4_300,
        "niet goed maar slecht " * 4_500,
        "👩‍👩‍👧‍👦" * 4_000,
        "a@" * 50_000,
        "#" * 100_000,
        "'-" * 50_000,
        "&" * 100_000,
        "waar kan ik " * 8_000,
    ],
    ids=lambda text: text[:8],
)
def test_a_huge_text_takes_at_most_a_few_seconds(text):
    began = time.process_time()
    assert_consistent(ANALYSER.analyse([text]), 1)
    assert time.process_time() - began < 5


def test_no_texts_give_empty_columns():
    assert_consistent(ANALYSER.analyse([]), 0)


def test_marks_are_listed_without_their_sign_and_once():
    found = ANALYSER.analyse(["@Windmee #Fail #fail 😡😡 en @daan_k"])
    assert found.hashtags == [["fail"]]
    assert found.mentions == [["windmee", "daan_k"]]
    assert found.emoji == [["😡"]]
    assert found.words.tolist() == [1]


def test_a_language_without_a_word_list_has_no_tone_but_emoji_alone_have():
    found = ANALYSER.analyse(["Der Akku ist leider kaputt und niemand antwortet", "😡😡", "🚲"])
    assert found.language == ["de", "und", "und"]
    assert np.isnan(found.tone[0])
    assert found.mood.tolist() == [-128, -1, 0]


def test_hints_must_be_as_many_as_texts():
    with pytest.raises(ValueError, match="2 texts came with 1"):
        ANALYSER.analyse(["a", "b"], ["nl"])


def test_it_travels_to_another_process_as_its_recipe():
    again = pickle.loads(pickle.dumps(ANALYSER))
    assert len(pickle.dumps(ANALYSER)) < 2_000
    assert same(again.analyse(["De Kade is top"]), ANALYSER.analyse(["De Kade is top"]))


def test_new_text_goes_at_more_than_a_thousand_posts_a_second():
    """A floor that holds on a busy machine; measured alone on one core it was above 6,000."""
    texts = [row["text"] for row in rows("airline-tweets.csv")[:3000]]
    fresh = Analyser()
    fresh.analyse(["warm up the dictionaries", "de woordenboeken warm draaien"])
    began = time.process_time()
    fresh.analyse(texts)
    assert len(texts) / (time.process_time() - began) > 1_000
