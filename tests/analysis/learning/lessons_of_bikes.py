"""Labelled posts made up for tests: what riders say, with answers anybody would give."""

from random import Random

import numpy as np

from openroads.analysis.learning.features import Columns
from openroads.analysis.learning.training import Labelled

SAID = {
    "negative": "the {thing} is broken again,still waiting for my {thing},{thing} failed after a week",
    "neutral": "picked up the {thing} today,the {thing} comes in blue,my {thing} has two wheels",
    "positive": "so pleased with the {thing},the {thing} rides smoothly,thanks for the quick {thing}",
}
THINGS = "charger saddle frame display motor belt brake lock basket light".split()


def bikes(size: int, seed: int = 1, noise: float = 0.0) -> Labelled:
    """Posts with their answers; a share `noise` of the answers is drawn at random."""
    dice = Random(seed)
    texts, values = [], []
    for number in range(size):
        value = dice.choice(sorted(SAID))
        sentence = dice.choice(SAID[value].split(",")).format(thing=dice.choice(THINGS))
        texts.append(f"{sentence} number{number}")
        values.append(dice.choice(sorted(SAID)) if dice.random() < noise else value)
    return Labelled(texts, english(size), values)


def english(size: int) -> Columns:
    """Columns of so many English posts the word lists feel nothing at."""
    return Columns(["en"] * size, np.zeros(size, np.float32))
