"""English tone: the same figures as VADER, and names that carry no feeling."""

import re

import pytest
from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

from analysis.corpora import rows
from openroads.analysis.tone import mood
from openroads.analysis.tone_en import EnglishTone

SENTENCES = (
    "The service is smart, friendly, and helpful.",
    "The service is VERY SMART, friendly, and HELPFUL!!!",
    "The bike was not good.",
    "At least it isn't a horrible bike.",
    "At the very least the brakes are fine, the least useful app ever",
    "The display is only kind of good.",
    "Delivery was good, but the bike is scratched and the manual is not great.",
    "Today SUX!",
    "Today only kinda sux! But I'll get by, lol",
    "Make sure you :) or :D today!",
    "Nice 💘 and 💋 and 😁 bike😡",
    "Not bad at all",
    "No problem, no worries, no good or bad news",
    "never so happy, never this good, without doubt excellent, without a doubt lovely",
    "I have never been so happy with anything",
    "this was the bomb and the service is to die for",
    "yeah right, great support?? really??? ????",
    "It was sort of nice and just enough fun",
    "I can't stand waiting; nobody helps",
    "the battery",
    "",
    "WHY IS THIS SO BAD",
    "Hardly any help, barely acceptable, extremely ANNOYING staff",
    "love love hate",
)


@pytest.fixture(scope="module")
def vader() -> SentimentIntensityAnalyzer:
    return SentimentIntensityAnalyzer()


@pytest.mark.parametrize("sentence", SENTENCES)
def test_the_score_is_that_of_vader(vader, sentence):
    assert EnglishTone().score(sentence) == pytest.approx(
        vader.polarity_scores(sentence)["compound"], abs=1e-4
    )


def test_mentions_links_and_names_carry_no_feeling():
    tone = EnglishTone(frozenset({"united"}), frozenset({"best western"}))
    assert tone.score("@united https://great.example/love United's plane at Best Western") == 0
    assert EnglishTone().score("United's plane at Best Western") > 0


def test_but_weighs_each_word_by_its_own_place():
    tone = EnglishTone()
    assert tone.score("bad app but bad bike") == pytest.approx(
        tone.score("bad app") * 0 + _compound(-2.5 * 0.5 - 2.5 * 1.5), abs=1e-4
    )


def _compound(total: float) -> float:
    return float(total / (total * total + 15) ** 0.5)


def macro_f1(truth: list[int], found: list[int]) -> float:
    scores = []
    for label in (-1, 0, 1):
        hits = sum(t == f == label for t, f in zip(truth, found, strict=True))
        scores.append(2 * hits / (truth.count(label) + found.count(label)))
    return sum(scores) / 3


def test_on_real_complaints_it_is_at_least_as_good_as_vader(vader):
    corpus = rows("airline-tweets.csv")
    labels = {"negative": -1, "neutral": 0, "positive": 1}
    truth = [labels[row["airline_sentiment"]] for row in corpus]
    masked = [re.sub(r"@\w+", " ", row["text"]) for row in corpus]
    theirs = [mood(vader.polarity_scores(text)["compound"], "en") for text in masked]
    tone = EnglishTone()
    ours = [mood(tone.score(row["text"]), "en") for row in corpus]
    assert macro_f1(truth, ours) >= macro_f1(truth, theirs)
