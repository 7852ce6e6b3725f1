"""What kind of post it is."""

import pytest

from openroads.analysis.pipeline import Analyser


@pytest.fixture(scope="module")
def kind():
    analyser = Analyser()
    return lambda text: analyser.analyse([text]).kind[0]


@pytest.mark.parametrize(
    "text",
    [
        "Weet iemand wat het winterbereik van deze fiets is",
        "Kunnen jullie mij bellen over mijn bestelling",
        "Hoe kan ik mijn fiets verzekeren?",
        "Is de accu van de fiets ook los te koop?",
        "Beste mensen, mijn lader is kapot, waar kan ik een nieuwe kopen?",
        "How do I reset the display of my bike?",
        "I need help with my order please",
        "Can you tell me where the nearest dealer is?",
        "wo ist der Akku und wann kommt er?",
    ],
)
def test_questions(kind, text):
    assert kind(text) == "question"


@pytest.mark.parametrize(
    "text",
    [
        "Waarom duurt de levering van mijn fiets zo lang?",
        "Why is nobody answering the phone?",
        "Mijn fiets doet het nog steeds niet",
        "Wat een waardeloze service, nooit meer",
        "Still waiting for a refund, nobody answers",
        "Worst customer service ever",
    ],
)
def test_complaints(kind, text):
    assert kind(text) == "complaint"


@pytest.mark.parametrize(
    "text",
    [
        "Bedankt voor de snelle hulp, helemaal top",
        "Petje af voor de monteur, wat een service",
        "Thank you so much, great service!",
        "This is the best bike I ever had, love it",
    ],
)
def test_praise(kind, text):
    assert kind(text) == "praise"


@pytest.mark.parametrize(
    "text", ["Vandaag 40 km gefietst langs de kust", "We cycled along the coast today", ""]
)
def test_anything_else_is_other(kind, text):
    assert kind(text) == "other"
