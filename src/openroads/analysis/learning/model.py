"""A learned model: a value that tells classes and probabilities for posts of its languages."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import blake2b
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from openroads.analysis.learning.aspects import CLASSES, Aspect
from openroads.analysis.learning.features import PAIR_WORTH, RECIPE, Columns, Features, read
from openroads.analysis.learning.wordbook import Wordbook

ELSEWHERE = -1
"""The class of a post in a language the model did not learn."""

ARRAYS = (
    "piece_keys", "piece_weights", "piece_worth", "pair_keys", "pair_weights", "pair_worth",
    "cue_weights", "tried_on", "tried_truth",
)  # fmt: skip


class Told(NamedTuple):
    """What a model says of n posts."""

    classes: NDArray[np.int8]
    """Places in `CLASSES`; -1 where the language is not the model's."""
    probabilities: NDArray[np.float32]
    """(n, classes), rows sum to 1; NaN where the language is not the model's."""


class Teller(Protocol):
    """Whoever tells the class of posts: a model learned here, or one that was brought."""

    @property
    def applies_to(self) -> Aspect: ...
    @property
    def languages(self) -> tuple[str, ...]: ...
    @property
    def classes(self) -> tuple[str, ...]: ...
    @property
    def version(self) -> str: ...
    @property
    def digest(self) -> str: ...
    @property
    def tried_on(self) -> NDArray[np.float32]: ...
    @property
    def tried_truth(self) -> NDArray[np.int8]: ...

    def predict(self, texts: Sequence[str], columns: Columns) -> Told:
        """Class and probabilities of each text."""

    def told(self, texts: Sequence[str], features: Features, language: Sequence[str]) -> Told:
        """The same, with what was read of the texts before."""


@dataclass(frozen=True, eq=False)
class Model:
    """A linear model over hashed pieces and pairs of words, and cues. Two models with the same
    version are the same."""

    applies_to: Aspect
    languages: tuple[str, ...]
    labels: int
    """How many labels it learned from."""
    unseen: float
    """What a piece of a word is worth that no two labelled posts had; it only lengthens a post."""
    piece_keys: NDArray[np.uint32]
    """Hashes of the pieces, ascending; no word can be read from them."""
    piece_weights: NDArray[np.float32]
    """(pieces, classes)"""
    piece_worth: NDArray[np.float32]
    """The rarer among the labelled posts, the more it counts."""
    pair_keys: NDArray[np.uint32]
    pair_weights: NDArray[np.float32]
    pair_worth: NDArray[np.float32]
    cue_weights: NDArray[np.float32]
    """(len(CUES) + 1, classes): the cues and, last, what is said of a post without any."""
    tried_on: NDArray[np.float32] = field(repr=False)
    """(tried, classes): what models that had not seen them said of labelled posts, cross-fitted;
    shares are corrected by these."""
    tried_truth: NDArray[np.int8] = field(repr=False)
    """What those posts are."""

    @property
    def classes(self) -> tuple[str, ...]:
        """The answers, in the order of the probabilities."""
        return CLASSES[self.applies_to]

    @cached_property
    def version(self) -> str:
        """A name that no other weights have: "tone-en-1f0c6a9be2"."""
        return f"{self.applies_to}-{'+'.join(self.languages)}-{self.digest[:10]}"

    @cached_property
    def digest(self) -> str:
        """A hash over everything in it."""
        told = blake2b(digest_size=20)
        head = (RECIPE, self.applies_to, self.languages, self.labels, self.unseen)
        told.update(repr(head).encode())
        for name in ARRAYS:
            values = np.ascontiguousarray(getattr(self, name))
            told.update(f"{name} {values.dtype.str} {values.shape}".encode())
            told.update(values.tobytes())
        return told.hexdigest()

    def predict(self, texts: Sequence[str], columns: Columns) -> Told:
        """Class and probabilities of each text. Raises ValueError when there is not one row of
        columns per text."""
        return self.predict_features(read(texts, columns), columns.language)

    def told(self, texts: Sequence[str], features: Features, language: Sequence[str]) -> Told:
        """The same as `predict_features`: the features hold all it asks of the texts."""
        return self.predict_features(features, language)

    def predict_features(self, features: Features, language: Sequence[str]) -> Told:
        """The same for features read before: for two models over the same posts."""
        scores = self._scores(features)
        scores -= scores.max(axis=1, keepdims=True)
        raised = np.exp(scores)
        probabilities = (raised / raised.sum(axis=1, keepdims=True)).astype(np.float32)
        classes = probabilities.argmax(axis=1).astype(np.int8)
        elsewhere = np.array([one not in self.languages for one in language], np.bool_)
        probabilities[elsewhere] = np.nan
        classes[elsewhere] = ELSEWHERE
        return Told(classes, probabilities)

    def _scores(self, features: Features) -> NDArray[np.float64]:
        n = features.n
        table = self._table(features.book)
        found, known = _sought(self.pair_keys, features.pair)
        pair_worth = np.where(known, _at(self.pair_worth, found), PAIR_WORTH * self.unseen)
        length = np.bincount(features.word_post, weights=table[features.word, -1], minlength=n)
        length += np.bincount(features.pair_post, weights=pair_worth**2, minlength=n)
        shrink = 1.0 / np.sqrt(np.maximum(length, 1.0))
        weights = self.cue_weights.astype(np.float64)
        scores: NDArray[np.float64] = np.einsum("pc,ck->pk", features.cues, weights[:-1])
        scores += weights[-1]
        post, at, worth = features.pair_post[known], found[known], pair_worth[known]
        for column in range(len(self.classes)):
            of_words = np.bincount(
                features.word_post, weights=table[features.word, column], minlength=n
            )
            of_pairs = np.bincount(post, weights=self.pair_weights[at, column] * worth, minlength=n)
            scores[:, column] += shrink * (of_words + of_pairs)
        return scores

    def _table(self, book: Wordbook) -> NDArray[np.float64]:
        """Per word of the book its scores, folded from its pieces, and last its squared worth.

        The sum over the pieces of a word is the same wherever the word stands, so it is made once.
        """
        table: NDArray[np.float64] | None = book.tables.get(self)
        done = 0 if table is None else len(table)
        if table is None or done < len(book.hashes):
            fresh = self._folded(book, done)
            table = fresh if table is None else np.concatenate((table, fresh))
            book.tables[self] = table
        return table

    def _folded(self, book: Wordbook, since: int) -> NDArray[np.float64]:
        ends = np.array(book.ends, np.int64)[since:]
        pieces = np.array(book.pieces, np.uint32)[ends[0] :]
        words = np.repeat(np.arange(len(ends) - 1), np.diff(ends))
        found, known = _sought(self.piece_keys, pieces)
        worth = np.where(known, _at(self.piece_worth, found), self.unseen)
        table = np.zeros((len(ends) - 1, len(self.classes) + 1))
        table[:, -1] = np.bincount(words, weights=worth**2, minlength=len(table))
        words, found, worth = words[known], found[known], worth[known]
        for column in range(len(self.classes)):
            weights = self.piece_weights[found, column] * worth
            table[:, column] = np.bincount(words, weights=weights, minlength=len(table))
        return table


def _sought(
    keys: NDArray[np.uint32], wanted: NDArray[np.uint32]
) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Where each wanted key stands among ascending keys, and whether it does."""
    if not len(keys):
        return np.zeros(len(wanted), np.int64), np.zeros(len(wanted), np.bool_)
    places = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
    return places, keys[places] == wanted


def _at(values: NDArray[np.float32], places: NDArray[np.int64]) -> NDArray[np.float32]:
    return values[places] if len(values) else np.zeros(len(places), np.float32)
