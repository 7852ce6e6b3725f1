"""What a model sees of posts: pieces of words, pairs of words, the tone by the word lists, cues."""

from collections.abc import Sequence, Set
from dataclasses import dataclass
from functools import lru_cache
from typing import Self

import numpy as np
from numpy.typing import NDArray

from openroads.analysis import intent
from openroads.analysis.learning.wordbook import WORD_CUES, Wordbook, pairs, wordbook
from openroads.analysis.pipeline import Analysis
from openroads.analysis.tokens import readable, split
from openroads.analysis.tone import mood

RECIPE = "1"
"""Stored with every model; changes whenever the same text would give other features."""

KINDS = (intent.QUESTION, intent.COMPLAINT, intent.PRAISE, intent.OTHER)
CUES = (
    "tone", "tone_up", "tone_down", "positive", "negative", "very_positive", "very_negative",
    "mentions", "links", "figures", "exclamations", "questions", "asks", "hashtags", "negations",
    "emoji", "length", "requests", "complains", "praises", "why",
    *(f"kind_{kind}" for kind in KINDS),
)  # fmt: skip
"""The figures per post that are no words, in order; each lies between -1 and about 2."""

PAIR_WORTH = 0.7
"""What a pair of words weighs beside the piece of a word."""

STRONG = 0.5
MANY = 3.0
"""More than three exclamation marks say no more than three."""


@dataclass(frozen=True)
class Columns:
    """What is known already of texts, a row each: from an analysis, or from the archive."""

    language: Sequence[str]
    tone: NDArray[np.float32]
    """By the word lists, -1..1; NaN for a language without one. Never what a model made of it."""

    @classmethod
    def of(cls, analysis: Analysis) -> Self:
        """The columns of a fresh analysis."""
        return cls(analysis.language, analysis.tone)


@dataclass(frozen=True)
class Features:
    """n posts as a model sees them. Good for as long as the book is."""

    book: Wordbook
    n: int
    word_post: NDArray[np.int64]
    word: NDArray[np.int64]
    """Each post with each of its words once: post, and place in the book; sorted by post."""
    pair_post: NDArray[np.int64]
    pair: NDArray[np.uint32]
    """Each post with each of its pairs of neighbours once; sorted by post."""
    cues: NDArray[np.float64]
    """(n, len(CUES))"""
    kind: list[str]
    """What the rules say it is: question, complaint, praise or other."""

    def take(self, posts: NDArray[np.int64]) -> "Features":
        """Some of the posts (ascending places) as features of their own."""
        place = np.full(self.n, -1, np.int64)
        place[posts] = np.arange(len(posts))
        words, two = place[self.word_post], place[self.pair_post]
        return Features(
            self.book,
            len(posts),
            words[words >= 0],
            self.word[words >= 0],
            two[two >= 0],
            self.pair[two >= 0],
            self.cues[posts],
            [self.kind[post] for post in posts.tolist()],
        )


def read(texts: Sequence[str], columns: Columns) -> Features:
    """The features of `texts`. Raises ValueError when there is not one row of columns per text."""
    if not len(texts) == len(columns.language) == len(columns.tone):
        raise ValueError(f"{len(texts)} texts came with {len(columns.language)} languages.")
    book = wordbook()
    lengths = np.zeros(len(texts), np.int64)
    places: list[int] = []
    signs = np.zeros((len(texts), len(_Signs.NAMES)))
    kinds = []
    tones = np.asarray(columns.tone, np.float64)
    for row, (text, language, tone) in enumerate(
        zip(texts, columns.language, tones.tolist(), strict=True)
    ):
        tokens = split(readable(text).lower())
        present = set(tokens)
        lengths[row] = len(tokens)
        places += [book[token] for token in tokens]
        signs[row] = _signs_of(language).told(tokens, present)
        kinds.append(intent.kind(tokens, present, language, mood(tone, language), tone))
    posts = np.repeat(np.arange(len(texts)), lengths)
    words = np.array(places, np.int64)
    return Features(
        book,
        len(texts),
        *_distinct(posts, words),
        *_pairs(book, posts, words),
        _cues(book, columns, posts, words, lengths, signs, kinds),
        kinds,
    )


class _Signs:
    """The phrases of one language that ask, complain, praise or reproach."""

    NAMES = ("asks", "requests", "complains", "praises", "why")

    def __init__(self, language: str) -> None:
        self._signs = intent.SIGNS.get(language)

    def told(self, tokens: Sequence[str], present: Set[str]) -> tuple[bool, ...]:
        """Whether each of NAMES is there."""
        signs = self._signs
        if signs is None:
            return (False,) * len(self.NAMES)
        return (
            "?" in present and not signs.asking.isdisjoint(present),
            signs.requests.any(tokens, present),
            signs.complaints.any(tokens, present),
            signs.praise.any(tokens, present),
            not signs.why.isdisjoint(present),
        )


@lru_cache(maxsize=64)
def _signs_of(language: str) -> _Signs:
    return _Signs(language)


def _distinct(
    posts: NDArray[np.int64], words: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    both = np.unique((posts << 32) | words)
    return both >> 32, both & 0xFFFFFFFF


def _pairs(
    book: Wordbook, posts: NDArray[np.int64], words: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.uint32]]:
    # TRICKY: a copy, because a view would keep the book's array from growing.
    hashes = np.array(book.hashes, np.uint64)[words]
    spoken = hashes != 0
    posts, hashes = posts[spoken], hashes[spoken]
    if len(posts) < 2:
        return np.zeros(0, np.int64), np.zeros(0, np.uint32)
    within = posts[1:] == posts[:-1]
    both = np.unique(
        (posts[:-1][within].astype(np.uint64) << np.uint64(32))
        | pairs(hashes)[within].astype(np.uint64)
    )
    return (both >> np.uint64(32)).astype(np.int64), both.astype(np.uint32)


def _cues(
    book: Wordbook,
    columns: Columns,
    posts: NDArray[np.int64],
    words: NDArray[np.int64],
    lengths: NDArray[np.int64],
    signs: NDArray[np.float64],
    kinds: Sequence[str],
) -> NDArray[np.float64]:
    n = len(lengths)
    given = np.array(book.cues, np.float64).reshape(-1, len(WORD_CUES))
    summed = {
        name: np.bincount(posts, weights=given[words, column], minlength=n)
        for column, name in enumerate(WORD_CUES)
    }
    told = dict(zip(_Signs.NAMES, signs.T, strict=True))
    known = np.asarray(columns.tone, np.float64)
    moods = np.array(
        [mood(t, lang) for t, lang in zip(known.tolist(), columns.language, strict=True)]
    )
    tone = np.nan_to_num(known)
    figures = {
        "tone": tone,
        "tone_up": np.maximum(tone, 0.0),
        "tone_down": np.maximum(-tone, 0.0),
        "positive": moods == 1,
        "negative": moods == -1,
        "very_positive": tone >= STRONG,
        "very_negative": tone <= -STRONG,
        **{
            name: np.minimum(summed[name], MANY) / MANY
            for name in ("mentions", "figures", "exclamations", "questions", "negations")
        },
        "links": summed["links"] > 0,
        "hashtags": summed["hashtags"] > 0,
        "emoji": np.clip(summed["emoji"], -1.0, 1.0),
        "length": np.log1p(lengths) / 3.0,
        **told,
        **{f"kind_{kind}": [one == kind for one in kinds] for kind in KINDS},
    }
    return np.column_stack([np.asarray(figures[name], np.float64) for name in CUES])
