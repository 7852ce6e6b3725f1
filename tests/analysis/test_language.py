"""The language of short posts, with and without a hint."""

import pytest

from analysis.corpora import rows
from openroads.analysis.language import Detector, base
from openroads.analysis.tokens import readable, split


@pytest.fixture(scope="module")
def detector() -> Detector:
    return Detector(["nl", "en"])


def detect(detector: Detector, text: str, hint: str = "") -> str:
    words = [token for token in split(readable(text).lower()) if token[0].isalpha()]
    return detector.detect(words, hint)[0]


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Mijn fiets doet het niet meer", "nl"),
        ("app werkt niet", "nl"),
        ("My bike does not work anymore", "en"),
        ("battery drains overnight", "en"),
        ("Der Akku ist leider kaputt und niemand antwortet", "de"),
        ("La batterie ne marche plus depuis hier", "fr"),
    ],
)
def test_a_plain_sentence_gets_its_language(detector, text, language):
    assert detect(detector, text) == language


def test_a_post_without_words_has_no_language_whatever_the_hint(detector):
    assert detect(detector, "", "nl") == "und"
    assert detect(detector, "😡😡 #fail @windmee 12", "nl") == "und"


def test_the_hint_decides_only_when_the_words_do_not(detector):
    assert detect(detector, "Boston gate", "nl-NL") == "nl"
    assert detect(detector, "Mijn fiets doet het niet meer", "en") == "nl"


def test_a_hint_that_says_nothing_is_no_hint():
    assert [base(tag) for tag in ("nl-BE", "EN_us", "und", "qme", "", "x", "zxx", "nl!")] == [
        "nl", "en", "", "", "", "", "", "",
    ]  # fmt: skip


def test_a_company_with_a_language_nobody_can_detect_still_works():
    assert Detector(["nl", "xx"]).own == ["nl"]


def test_three_words_of_real_posts_are_mostly_enough(detector):
    for name, language in (("airline-tweets.csv", "en"), ("bol-reviews-nl.csv", "nl")):
        found = []
        for row in rows(name)[:1500]:
            words = [t for t in split(readable(row["text"]).lower()) if t[0].isalpha()][-4:-1]
            if len(words) == 3:
                found.append(detector.detect(words)[0])
        assert found.count(language) / len(found) > 0.93
        wrong = [answer for answer in found if answer not in {language, "und"}]
        assert len(wrong) / len(found) < 0.03
