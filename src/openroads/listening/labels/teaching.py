"""From labels to a model and a verdict: what is learned from, what is judged by, who is compared."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import cast

import numpy as np
from numpy.typing import NDArray

from openroads.analysis.learning.aspects import CLASSES, MOOD_NAMES
from openroads.analysis.learning.aspects import Aspect as Learned
from openroads.analysis.learning.features import Columns
from openroads.analysis.learning.model import Teller
from openroads.analysis.learning.sampling import in_proportion
from openroads.analysis.learning.switching import Comparison, compare
from openroads.analysis.learning.training import (
    Labelled,
    Lessons,
    learned,
    lessons,
    out_of_fold,
)
from openroads.analysis.learning.weights import BadWeights, dumped
from openroads.analysis.tone import mood
from openroads.archive.queries.corrections import PostRead, posts_read
from openroads.directory.conversations import archive
from openroads.listening.labels import folders, queries
from openroads.listening.labels.folders import OnnxModel
from openroads.listening.labels.models import LearnedModel
from openroads.listening.labels.queries import Answer

AT_ONCE = 1_000

Alive = Callable[[], bool]


class HandedBack(Exception):
    """The worker must stop; the training is done again elsewhere."""


@dataclass(frozen=True)
class Taught:
    """A candidate with the labels it is judged by, a row per labelled post that is still there."""

    model: Teller
    weights: bytes
    """What is kept of it."""
    answers: list[Answer]
    taught: Lessons
    tried: NDArray[np.float32]
    """What was said of each by models that had not seen it."""
    random: NDArray[np.bool_]
    by_lists: NDArray[np.int8]
    """What word lists and rules say of each."""
    texts: Sequence[str]
    columns: Columns


def teach(aspect: str, language: str, alive: Alive = lambda: True) -> Taught:
    """Learn a model from all labels of an aspect in a language.

    Raises `openroads.analysis.learning.training.TooFewLabels` when all of them say the same, and
    `HandedBack` when `alive` answers no.
    """
    answers, random, given, by_lists, taught = _gathered(aspect, language, alive)
    tried = out_of_fold(taught)
    if not alive():
        raise HandedBack
    model = learned(taught, tried, random)
    return Taught(
        model, dumped(model), answers, taught, tried, random, by_lists, given.texts, given.columns
    )


def try_brought(model: OnnxModel, alive: Alive = lambda: True) -> Taught:
    """What a model from a folder says of the labelled posts; it has learned from none of them. Raises
    as `teach` does, and `BadWeights` when it cannot be run."""
    answers, random, given, by_lists, taught = _gathered("tone", model.language, alive)
    tried = model.predict(given.texts, given.columns).probabilities
    weights = folders.kept(tried[random], taught.truth[random])
    return Taught(
        model, weights, answers, taught, tried, random, by_lists, given.texts, given.columns
    )


def _gathered(
    aspect: str, language: str, alive: Alive
) -> tuple[list[Answer], NDArray[np.bool_], Labelled, NDArray[np.int8], Lessons]:
    """Every labelled post that is still there: the answers, which are random, the posts, what word lists
    say of them, and all of it ready to be learned from."""
    kind = cast(Learned, aspect)
    answers, rows = _with_posts(queries.answers(aspect, language), language, alive)
    random = np.array([answer.is_random for answer in answers], np.bool_)
    given = _labelled(kind, answers, rows, random, language)
    taught = lessons(given, kind)
    if not alive():
        raise HandedBack
    return answers, random, given, _by_lists(taught, rows, language), taught


def judged(found: Taught, size: int, before: LearnedModel | None) -> Comparison:
    """Compare a candidate with the one in force, by the first `size` labels of random samples.

    An earlier model is tried the same way as the new one: learned again, fold by fold, from the
    labels it had. Its own weights have seen some of these labels and would look too good. A model from a
    folder has seen none: it is asked. When its files are gone, the word lists read, and are compared with.
    """
    places = np.flatnonzero(found.random)[:size]
    truth = found.taught.truth[places]
    reads = _brought(before)
    if before is None or (before.is_brought and reads is None):
        old = found.by_lists[places]
    elif reads is not None:
        old = reads.predict(found.texts, found.columns).classes[places]
    else:
        had = np.array([answer.first <= before.last_label for answer in found.answers], np.bool_)
        old = out_of_fold(found.taught, had).argmax(axis=1).astype(np.int8)[places]
    new = found.tried.argmax(axis=1).astype(np.int8)[places]
    heavy = np.array([found.answers[place].weight for place in places.tolist()], np.float64)
    return compare(truth, old, new, len(CLASSES[found.taught.applies_to]), weights=heavy)


def _brought(before: LearnedModel | None) -> Teller | None:
    """The model of a folder that is in force, if its files are still those that were tested."""
    if before is None or not before.is_brought:
        return None
    try:
        return queries.loaded(before.pk, before.digest)
    except BadWeights:
        return None


def _with_posts(
    answers: Sequence[Answer], language: str, alive: Alive
) -> tuple[list[Answer], list[PostRead]]:
    """The answers whose post is still there and in this language, with the post."""
    kept: list[Answer] = []
    rows: list[PostRead] = []
    for start in range(0, len(answers), AT_ONCE):
        if not alive():
            raise HandedBack
        some = answers[start : start + AT_ONCE]
        posts = posts_read(archive(), [(one.post, one.published_at) for one in some])
        for answer in some:
            row = posts.get(answer.post)
            if row is not None and row.language == language:
                kept.append(answer)
                rows.append(row)
    return kept, rows


def _labelled(
    aspect: Learned,
    answers: Sequence[Answer],
    rows: Sequence[PostRead],
    random: NDArray[np.bool_],
    language: str,
) -> Labelled:
    classes = CLASSES[aspect]
    place = {name: number for number, name in enumerate(classes)}
    truth = np.array([place[answer.value] for answer in answers], np.int8)
    said = np.array([place.get(answer.said, -1) for answer in answers], np.int8)
    heavy = np.array([answer.weight or 1.0 for answer in answers], np.float64)
    return Labelled(
        [row.whole_text for row in rows],
        Columns([language] * len(rows), np.array([row.tone for row in rows], np.float32)),
        [answer.value for answer in answers],
        in_proportion(truth, said, random, len(classes), heavy),
    )


def _by_lists(taught: Lessons, rows: Sequence[PostRead], language: str) -> NDArray[np.int8]:
    """What word lists and rules say, as classes; a tone they cannot tell counts as neutral."""
    classes = CLASSES[taught.applies_to]
    if taught.applies_to == "kind":
        names = taught.features.kind
    else:
        names = [MOOD_NAMES.get(mood(row.tone, language), "neutral") for row in rows]
    return np.array([classes.index(name) for name in names], np.int8)
