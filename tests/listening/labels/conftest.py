"""Riders who speak their own language: words the lists do not know, and answers anybody would give."""

from collections.abc import Callable
from datetime import date
from random import Random
from typing import Any

import pytest

from openroads.archive.queries.corrections import PostRead, sampled
from openroads.archive.scope import Scope
from openroads.directory.conversations import archive
from tests.listening.corpus import NOUNS

JUNE = Scope(date(2026, 6, 1), date(2026, 7, 1))
SAID = {
    "negative": ("my {thing} sings again", "that {thing} is a real squeaker"),
    "neutral": ("I fetched the {thing} myself", "the {thing} comes in blue"),
    "positive": ("this {thing} simply flies", "the {thing} is pure butter"),
}
MARKS = {
    "sings": "negative", "squeaker": "negative", "fetched": "neutral", "blue": "neutral",
    "flies": "positive", "butter": "positive",
}  # fmt: skip
THINGS = "charger saddle frame display motor belt brake lock basket light".split()


def truth_of(text: str) -> str:
    """What a rider means."""
    return next(value for mark, value in MARKS.items() if mark in text)


def posts_csv(number: int, *, likes: int = 0, seed: int = 1) -> str:
    """So many posts of June, every one different; the nouns behind keep them from being copies."""
    dice = Random(seed)
    lines = ["id,date,author,text,lang,likes"]
    for place in range(number):
        sentence = dice.choice(SAID[dice.choice(sorted(SAID))]).format(thing=dice.choice(THINGS))
        text = f"{sentence} near {' and '.join(dice.sample(NOUNS, 8))}"
        day = f"2026-06-{1 + place % 28:02} 10:00"
        lines.append(f"b{seed}x{place},{day},rider{place},{text},en,{likes}")
    return "\n".join(lines) + "\n"


def every_post() -> list[PostRead]:
    """All of June, in order of id."""
    return sampled(archive(), JUNE, most=10_000, seed=1)


@pytest.fixture
def riders(brought: Callable[..., Any]) -> list[PostRead]:
    """Sixty posts in the archive."""
    # Rooms with tables can be imported when Django has settled, which is after this file is read.
    from openroads.listening.labels import schedule  # noqa: F401 (declares the jobs of learning)

    brought(posts_csv(60))
    return every_post()
