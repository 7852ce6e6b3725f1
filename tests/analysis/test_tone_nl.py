"""Dutch tone: negation before and behind, boosters, "maar", sarcasm, emoji, and a measured
accuracy.
"""

import pytest

from analysis.corpora import rows
from openroads.analysis.marks import perhaps
from openroads.analysis.tokens import readable, split
from openroads.analysis.tone_nl import DutchTone, marks


@pytest.fixture(scope="module")
def score():
    tone = DutchTone()

    def of(text: str) -> float:
        tokens = split(readable(text).lower())
        felt = [place for place, token in enumerate(tokens) if tone.is_felt(token)]
        everywhere = range(len(tokens))
        return tone.score(tokens, felt, everywhere, tokens, perhaps(tokens, marks()))

    return of


@pytest.mark.parametrize(
    "text",
    [
        "de app werkt niet",
        "de app werkt nog steeds niet",
        "hij doet het niet meer",
        "ik ben niet tevreden",
        "nooit meer",
        "accu kapot",
        "fijn hoor",
        "lekker bezig",
        "lekker bezig hoor 🙄",
        "top service 🙄",
        "de actieradius valt me tegen",
        "al weken geen reactie",
        "snap er niks van, waardeloos",
        "megatraag",
        "helaas geen aanrader",
    ],
)
def test_grief_is_negative(score, text):
    assert score(text) <= -0.1


@pytest.mark.parametrize(
    "text",
    [
        "wat een aanrader",
        "supertevreden",
        "niet slecht",
        "geen klachten",
        "goed geholpen, niets dan lof",
        "vreselijk lekker",
        "werkt perfect",
        "hij doet het weer",
        "blij mee 😍",
        "niet alleen mooi",
    ],
)
def test_joy_is_positive(score, text):
    assert score(text) >= 0.1


@pytest.mark.parametrize(
    "text", ["", "de fiets staat in de schuur", "hoe laat gaat de winkel open", "12 km"]
)
def test_a_plain_statement_is_neutral(score, text):
    assert abs(score(text)) < 0.1


def test_a_booster_strengthens_and_a_damper_weakens(score):
    assert score("heel traag") < score("traag") < score("beetje traag") < 0


def test_what_comes_after_maar_weighs_more(score):
    assert score("mooi maar traag") < score("traag maar mooi")


def test_a_negation_does_not_reach_into_the_next_sentence(score):
    assert score("Ik heb er niet om gevraagd. Prachtig.") > 0.3


def test_exclamation_marks_strengthen(score):
    assert score("waardeloos!!!") < score("waardeloos") < 0


def test_inflected_words_are_known_by_their_dictionary_form(score):
    assert score("mijn scherm haperde") < -0.1


# The words and rules were written from knowledge of the language and tried on the even rows; the
# threshold is chosen on the even rows too. Measured when written: even .88, odd .88, at zero .86.
def test_on_real_reviews_seven_of_eight_are_right(score):
    corpus = rows("bol-reviews-nl.csv")
    scored = [(score(row["text"]), int(row["label"])) for row in corpus]
    even, odd = scored[::2], scored[1::2]

    def right(part: list[tuple[float, int]], threshold: float) -> float:
        return sum((tone >= threshold) == (label > 0) for tone, label in part) / len(part)

    best = max((tone for tone, _ in even), key=lambda threshold: right(even, threshold))
    assert right(odd, best) >= 0.85
    assert right(scored, 0.0) >= 0.84
