"""Puts what models learned into an analysis: mood and kind by the models in force, tone untouched."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from openroads.analysis import intent, tone
from openroads.analysis.learning.aspects import MOODS
from openroads.analysis.learning.features import Columns, Features, read
from openroads.analysis.learning.model import ELSEWHERE, Teller
from openroads.analysis.pipeline import ANALYSER, Analysis
from openroads.analysis.tokens import readable, split


@dataclass(frozen=True)
class Outcome:
    """Mood and kind of n posts, and who told them."""

    mood: NDArray[np.int8]
    kind: list[str]
    analyser: list[str]
    """The version of the analyser, followed by the models that had a say: "1+tone-en-1f0c6a9be2"."""


def outcomes(texts: Sequence[str], columns: Columns, models: Sequence[Teller]) -> Outcome:
    """What the word lists and rules say of texts, overruled by the models in their languages.

    Made from text, language and tone alone, so that it can be done again over the archive however
    often models change: it never builds on what an earlier model said.
    """
    features = read(texts, columns)
    told = [
        tone.mood(float(felt), language)
        for felt, language in zip(columns.tone, columns.language, strict=True)
    ]
    by_lists = np.array(told, np.int8)
    found = Outcome(by_lists, list(features.kind), [ANALYSER] * len(texts))
    for model in models:
        if model.applies_to == "tone":
            found = _overruled(found, model, texts, features, columns)
    for place in np.flatnonzero(found.mood != by_lists).tolist():
        found.kind[place] = _kind(texts[place], columns, place, int(found.mood[place]))
    for model in models:
        if model.applies_to == "kind":
            found = _overruled(found, model, texts, features, columns)
    return found


def _kind(text: str, columns: Columns, place: int, mood: int) -> str:
    """The kind by the rules, for another mood than that of the word lists."""
    tokens = split(readable(text).lower())
    felt = float(columns.tone[place])
    return intent.kind(tokens, set(tokens), columns.language[place], mood, felt)


def _overruled(
    found: Outcome, model: Teller, texts: Sequence[str], features: Features, columns: Columns
) -> Outcome:
    classes = model.told(texts, features, columns.language).classes
    here = classes != ELSEWHERE
    analyser = [
        f"{before}+{model.version}" if has else before
        for before, has in zip(found.analyser, here.tolist(), strict=True)
    ]
    if model.applies_to == "tone":
        moods = np.array([MOODS[name] for name in model.classes], np.int8)
        return Outcome(np.where(here, moods[classes], found.mood), found.kind, analyser)
    kinds = [
        model.classes[place] if place != ELSEWHERE else before
        for place, before in zip(classes.tolist(), found.kind, strict=True)
    ]
    return Outcome(found.mood, kinds, analyser)


def applied(models: Sequence[Teller], texts: Sequence[str], analysis: Analysis) -> Analysis:
    """A fresh analysis of these texts with mood and kind by the models in force, and who they are."""
    if not models:
        return analysis
    found = outcomes(texts, Columns.of(analysis), models)
    return replace(analysis, mood=found.mood, kind=found.kind, analyser=found.analyser)
