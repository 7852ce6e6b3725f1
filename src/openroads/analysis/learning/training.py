"""Learns a model from labelled posts: a full retrain each time, in seconds, always the same."""

from collections.abc import Sequence
from dataclasses import dataclass
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from openroads.analysis.learning.aspects import CLASSES, Aspect
from openroads.analysis.learning.descent import minimise, product
from openroads.analysis.learning.features import PAIR_WORTH, Columns, Features, read
from openroads.analysis.learning.model import Model, Told

STRENGTH = 5.0
"""How far weights may follow the labels (C of a logistic regression); .5 to 20 differ by under a
point."""

CUE_WORTH = 0.7
"""What a cue weighs beside the piece of a word."""

BALANCE = 0.5
"""Classes count by the inverse of their share to this power: 0 as they come, 1 all alike."""

FOLDS = 5
SEED = 20_261_123


class TooFewLabels(ValueError):
    """Nothing can be learned from labels that all say the same."""


@dataclass(frozen=True)
class Labelled:
    """Posts somebody gave an answer for, a row each."""

    texts: Sequence[str]
    columns: Columns
    values: Sequence[str]
    """One of the classes of the aspect."""
    weights: NDArray[np.float64] | None = None
    """How much each counts; alike when left out."""


@dataclass(frozen=True)
class Lessons:
    """Labelled posts as they are learned from: read once, used for every fold."""

    applies_to: Aspect
    languages: tuple[str, ...]
    features: Features
    truth: NDArray[np.int8]
    """Places in the classes of the aspect."""
    weights: NDArray[np.float64]
    groups: NDArray[np.int64]
    """Equal for posts with the same text: they stay in one fold."""

    def __len__(self) -> int:
        return len(self.truth)

    def take(
        self, places: NDArray[np.int64], weights: NDArray[np.float64] | None = None
    ) -> "Lessons":
        """Some of them (ascending places), with weights of their own if given."""
        return Lessons(
            self.applies_to,
            self.languages,
            self.features.take(places),
            self.truth[places],
            self.weights[places] if weights is None else weights,
            self.groups[places],
        )


def lessons(labelled: Labelled, applies_to: Aspect) -> Lessons:
    """Read labelled posts. Raises ValueError for a value that is no class of the aspect."""
    classes = CLASSES[applies_to]
    if unknown := set(labelled.values) - set(classes):
        raise ValueError(f"{sorted(unknown)} are no answers to {applies_to}.")
    weights = labelled.weights
    if weights is None:
        weights = np.ones(len(labelled.texts))
    texts = [" ".join(text.lower().split()).encode("utf-8", "replace") for text in labelled.texts]
    return Lessons(
        applies_to,
        tuple(sorted(set(labelled.columns.language))),
        read(labelled.texts, labelled.columns),
        np.array([classes.index(value) for value in labelled.values], np.int8),
        np.asarray(weights, np.float64),
        np.array([crc32(text) for text in texts], np.int64),
    )


def train(
    labelled: Labelled, applies_to: Aspect, *, judged: NDArray[np.bool_] | None = None
) -> Model:
    """The model of these labels.

    `judged` marks the labels of a random sample: what the folds say of those goes along, so that
    shares can be corrected (all of them by default). Raises `TooFewLabels` when fewer than two
    classes occur.
    """
    taught = lessons(labelled, applies_to)
    return learned(taught, out_of_fold(taught), judged)


def learned(
    taught: Lessons,
    tried: NDArray[np.float32] | None = None,
    judged: NDArray[np.bool_] | None = None,
) -> Model:
    """The model of lessons whose folds were tried before (see `out_of_fold`); without these it
    cannot correct shares."""
    fitted = _fit(taught, np.arange(len(taught)))
    if tried is None:
        return _model(taught, fitted, len(taught))
    kept = np.ones(len(taught), np.bool_) if judged is None else judged
    return _model(taught, fitted, len(taught), tried[kept], taught.truth[kept])


def out_of_fold(
    taught: Lessons, among: NDArray[np.bool_] | None = None, *, folds: int = FOLDS
) -> NDArray[np.float32]:
    """(n, classes): what is said of each labelled post by a model that has not seen it, nor
    another post with the same text.

    With `among` the models learn from those labels only, and still every label is told of: so an
    older, smaller set of labels is tried on the same posts as a newer one.
    """
    usable = np.ones(len(taught), np.bool_) if among is None else among
    fold = _folds(taught, folds)
    found = np.zeros((len(taught), len(CLASSES[taught.applies_to])), np.float32)
    for number in range(folds):
        held = np.flatnonzero(fold == number)
        if len(held):
            shown = np.flatnonzero((fold != number) & usable)
            found[held] = _told(taught, _fit(taught, shown), held).probabilities
    return found


def _told(taught: Lessons, fitted: "_Fitted", posts: NDArray[np.int64]) -> Told:
    some = taught.features.take(posts)
    return _model(taught, fitted).predict_features(some, taught.languages[:1] * len(posts))


def _folds(taught: Lessons, folds: int) -> NDArray[np.int64]:
    """The fold of each label: texts dealt out class by class, in an order that is always the same."""
    _, first, group = np.unique(taught.groups, return_index=True, return_inverse=True)
    shuffled = np.random.default_rng(SEED).permutation(len(first))
    dealt = shuffled[np.argsort(taught.truth[first][shuffled], kind="stable")]
    fold = np.empty(len(first), np.int64)
    fold[dealt] = np.arange(len(first)) % folds
    found: NDArray[np.int64] = fold[group]
    return found


@dataclass(frozen=True)
class _Fitted:
    """What the labels gave: keys, worths and weights (classes first)."""

    unseen: float
    piece_keys: NDArray[np.uint32]
    piece_worth: NDArray[np.float64]
    pair_keys: NDArray[np.uint32]
    pair_worth: NDArray[np.float64]
    weights: NDArray[np.float64]
    """(classes, pieces + pairs + cues + 1), as they multiply worths and cues."""


def _model(
    taught: Lessons,
    fitted: _Fitted,
    labels: int = 0,
    tried: NDArray[np.float32] | None = None,
    truth: NDArray[np.int8] | None = None,
) -> Model:
    classes = len(CLASSES[taught.applies_to])
    first, second = len(fitted.piece_keys), len(fitted.piece_keys) + len(fitted.pair_keys)
    weights = fitted.weights.T.astype(np.float32)
    return Model(
        applies_to=taught.applies_to,
        languages=taught.languages,
        labels=labels,
        unseen=fitted.unseen,
        piece_keys=fitted.piece_keys,
        piece_weights=np.ascontiguousarray(weights[:first]),
        piece_worth=fitted.piece_worth.astype(np.float32),
        pair_keys=fitted.pair_keys,
        pair_weights=np.ascontiguousarray(weights[first:second]),
        pair_worth=fitted.pair_worth.astype(np.float32),
        cue_weights=np.ascontiguousarray(weights[second:]),
        tried_on=np.zeros((0, classes), np.float32) if tried is None else tried,
        tried_truth=np.zeros(0, np.int8) if truth is None else truth,
    )


def _fit(taught: Lessons, posts: NDArray[np.int64]) -> _Fitted:
    """Logistic regression with several classes over the lessons at these places."""
    truth = taught.truth[posts]
    if len(np.unique(truth)) < 2:
        raise TooFewLabels("All labels say the same: there is nothing to learn from them yet.")
    some = taught.features.take(posts)
    seen = _Seen(some)
    classes = len(CLASSES[taught.applies_to])
    shares = np.bincount(truth, weights=taught.weights[posts], minlength=classes)
    even = (shares.sum() / (classes * np.maximum(shares, 1.0))) ** BALANCE
    weights = taught.weights[posts] * even[truth]
    weights *= taught.weights[posts].sum() / weights.sum()
    wanted = np.eye(classes)[truth]
    size = seen.columns
    rein = np.full(size, 1.0 / STRENGTH)
    rein[-1] = 1e-3  # what is said without any evidence is free to move

    def loss(flat: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        held = flat.reshape(classes, size)
        scores = seen.scores(held)
        scores -= scores.max(axis=1, keepdims=True)
        raised = np.exp(scores)
        total = raised.sum(axis=1, keepdims=True)
        likely = (scores * wanted).sum(axis=1) - np.log(total[:, 0])
        value = -product(weights, likely) + 0.5 * float((rein * held**2).sum())
        slope = seen.slopes((raised / total - wanted) * weights[:, None]) + rein * held
        return value, slope.ravel()

    held = minimise(loss, np.zeros(classes * size)).reshape(classes, size)
    held[:, seen.first_cue : -1] *= CUE_WORTH
    return _Fitted(
        seen.unseen, seen.piece_keys, seen.piece_worth, seen.pair_keys, seen.pair_worth, held
    )


class _Seen:
    """Features of the posts at hand, numbered from 0, and their products with weights both ways.

    A piece or a pair that only one post has gets no weight: it teaches next to nothing, and it may
    be somebody's name.
    """

    def __init__(self, features: Features) -> None:
        self._n = n = features.n
        book = features.book
        self._word_post, self._pair_post = features.word_post, features.pair_post
        used, self._word = np.unique(features.word, return_inverse=True)
        self._words = len(used)
        ends = np.array(book.ends, np.int64)
        counts = ends[used + 1] - ends[used]
        starts = np.cumsum(counts) - counts
        within = np.arange(counts.sum()) - np.repeat(starts, counts)
        keys = np.array(book.pieces, np.uint32)[np.repeat(ends[used], counts) + within]
        word_of = np.repeat(np.arange(len(used)), counts)
        posts_of = np.bincount(self._word, minlength=len(used))
        self.unseen = float(np.log(1 + n) + 1.0)
        # In how many posts a piece is: summed over its words, an overcount where one post has two
        # of them. Exact counting changed no figure.
        found, inverse = np.unique(keys, return_inverse=True)
        among = np.minimum(np.bincount(inverse, weights=posts_of[word_of]), n)
        worth = np.log((1 + n) / (1 + among)) + 1.0
        kept = among >= 2
        self.piece_keys, self.piece_worth = found[kept], worth[kept]
        squared = np.where(kept, worth, self.unseen)[inverse] ** 2
        number = np.cumsum(kept) - 1
        here = kept[inverse]
        self._piece, self._piece_word = number[inverse[here]], word_of[here]
        self._piece_worth = worth[inverse[here]]
        pairs, inverse = np.unique(features.pair, return_inverse=True)
        among = np.bincount(inverse, minlength=len(pairs)).astype(np.float64)
        worth = PAIR_WORTH * (np.log((1 + n) / (1 + among)) + 1.0)
        kept = among >= 2
        self.pair_keys, self.pair_worth = pairs[kept], worth[kept]
        pair_squared = np.where(kept, worth, PAIR_WORTH * self.unseen)[inverse] ** 2
        here = kept[inverse]
        self._pair = (np.cumsum(kept) - 1)[inverse[here]]
        self._pair_worth = worth[inverse[here]]
        length = np.bincount(
            self._word_post,
            weights=np.bincount(word_of, weights=squared, minlength=len(used))[self._word],
            minlength=n,
        ) + np.bincount(self._pair_post, weights=pair_squared, minlength=n)
        self._pair_post = self._pair_post[here]
        self._shrink = 1.0 / np.sqrt(np.maximum(length, 1.0))
        self._cues = np.column_stack([features.cues * CUE_WORTH, np.ones(n)])
        self.first_pair = len(self.piece_keys)
        self.first_cue = self.first_pair + len(self.pair_keys)
        self.columns = self.first_cue + self._cues.shape[1]

    def scores(self, weights: NDArray[np.float64]) -> NDArray[np.float64]:
        """(posts, classes) for weights (classes, columns)."""
        found: NDArray[np.float64] = np.einsum(
            "pc,kc->pk", self._cues, weights[:, self.first_cue :]
        )
        for place, row in enumerate(weights):
            word = np.bincount(
                self._piece_word, weights=row[self._piece] * self._piece_worth,
                minlength=self._words,
            )  # fmt: skip
            of_words = np.bincount(self._word_post, weights=word[self._word], minlength=self._n)
            of_pairs = np.bincount(
                self._pair_post,
                weights=row[self.first_pair + self._pair] * self._pair_worth,
                minlength=self._n,
            )
            found[:, place] += self._shrink * (of_words + of_pairs)
        return found

    def slopes(self, errors: NDArray[np.float64]) -> NDArray[np.float64]:
        """(classes, columns) for errors (posts, classes)."""
        found = np.empty((errors.shape[1], self.columns))
        found[:, self.first_cue :] = np.einsum("pk,pc->kc", errors, self._cues)
        for place, error in enumerate((errors * self._shrink[:, None]).T):
            word = np.bincount(self._word, weights=error[self._word_post], minlength=self._words)[
                self._piece_word
            ]
            found[place, : self.first_pair] = np.bincount(
                self._piece, weights=word * self._piece_worth, minlength=self.first_pair
            )
            found[place, self.first_pair : self.first_cue] = np.bincount(
                self._pair,
                weights=error[self._pair_post] * self._pair_worth,
                minlength=self.first_cue - self.first_pair,
            )
        return found
