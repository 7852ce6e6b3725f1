"""The brand gap as an object: what they say, what we say, how far apart, how sure; from counts,
without any text.

"They" are the customers, "we" is the brand. Counts are documents: posts on their side, passages and
own posts on ours. `assemble_gap` makes a gap in one go; a reader who asks for details as they turn
out to be needed takes the same steps one by one.
"""

from collections.abc import Set
from dataclasses import dataclass
from typing import Literal

import numpy as np

from openroads.analysis import bands, divergence
from openroads.analysis.bands import Band
from openroads.analysis.divergence import Documents
from openroads.analysis.gap_counts import (
    Shortage,
    TermCounts,
    TermDetails,
    Thresholds,
    Totals,
    shortage_of,
    used_enough,
)
from openroads.analysis.gap_words import (
    Feel,
    FeelGap,
    Word,
    contested_words,
    tell_apart,
    words_of,
    words_of_side,
)

__all__ = [
    "Feel",
    "FeelGap",
    "Gap",
    "Score",
    "Shortage",
    "TermCounts",
    "TermDetails",
    "Thresholds",
    "Totals",
    "Word",
    "assemble_gap",
    "empty_side",
    "gap_of",
    "score_of",
    "shortage_of",
]


@dataclass(frozen=True, slots=True)
class Score:
    """The gap score, all 0..1 (the reader sees times 100): the value, its interval and what chance
    alone gives.
    """

    value: float
    interval: Band
    chance: Band
    method: Literal["documents", "counts"]
    """Whether the bands come from shuffled documents or, a little narrower, from counts alone."""

    @property
    def beyond_chance(self) -> bool:
        """Whether the score lies above everything that chance gives."""
        return self.value > self.chance.high


@dataclass(frozen=True, slots=True)
class Gap:
    """The whole gap. With too little read there is no score and no list, only `shortage` saying of
    what.
    """

    totals: Totals
    thresholds: Thresholds
    shortage: Shortage | None
    score: Score | None
    they_say: tuple[Word, ...] = ()
    """They say it, we don't: the furthest apart for sure first (`Word.times`)."""
    we_say: tuple[Word, ...] = ()
    contested: tuple[Word, ...] = ()
    """Both say it and feel it differently; the surest difference of feeling first."""
    words: tuple[Word, ...] = ()
    """Every word that may be shown, most used first: the stock the axis chooses from."""


def assemble_gap(
    counts: TermCounts,
    details: TermDetails,
    totals: Totals,
    *,
    they_sample: Documents | None = None,
    we_documents: Documents | None = None,
    thresholds: Thresholds | None = None,
    leave_out: Set[int] = frozenset(),
    seed: int = 1,
) -> Gap:
    """The gap between their words and ours.

    `they_sample` is a random sample of their documents, `we_documents` all of ours, both as indices
    into `counts` (`Documents.of_ids`); with them the bands come from whole documents, without them
    from counts. `leave_out` are term ids that count nowhere (the names of the brand itself). Terms
    too rare to be part of a gap may have details; they count nowhere either. Every outcome is the
    same for the same input and seed.
    """
    limits = thresholds or Thresholds()
    shortage = shortage_of(totals, limits)
    if shortage:
        return Gap(totals, limits, shortage, None)
    used = used_enough(counts, limits, leave_out)
    kept = counts.of(used)
    if empty := empty_side(kept):
        return Gap(totals, limits, empty, None)
    places = np.flatnonzero(used)
    sample, own = (
        None if each is None else Documents.of_ids(each.offsets, each.terms, places)
        for each in (they_sample, we_documents)
    )
    known = details.without(set(details.ids.tolist()) - set(kept.ids.tolist()))
    words = words_of(kept, tell_apart(kept), known, totals, limits)
    shuffles = None
    if sample is not None and own is not None:
        shuffles = shuffles_of(len(places), totals, sample, own, seed=seed)
    return gap_of(words, score_of(kept, own, shuffles, limits, seed=seed), totals, limits)


def gap_of(words: tuple[Word, ...], score: Score | None, totals: Totals, limits: Thresholds) -> Gap:
    """A gap of its words and its score."""
    return Gap(
        totals,
        limits,
        None,
        score,
        they_say=words_of_side(words, "they", limits),
        we_say=words_of_side(words, "we", limits),
        contested=contested_words(words),
        words=words,
    )


def empty_side(counts: TermCounts) -> Shortage | None:
    """The side that says nothing that counts, if there is one: then there is no gap to speak of."""
    if not counts.they_docs.sum():
        return "posts"
    return None if counts.we_docs.sum() else "passages"


def shuffles_of(
    vocabulary: int,
    totals: Totals,
    they_sample: Documents,
    we_documents: Documents,
    *,
    seed: int = 1,
) -> bands.Shuffles:
    """What the chance band of a score is read from; documents are indices into the `vocabulary`."""
    return bands.Shuffles(totals.posts, they_sample, we_documents, vocabulary, seed=seed + 1)


def score_of(
    counts: TermCounts,
    we_documents: Documents | None,
    shuffles: bands.Shuffles | None,
    limits: Thresholds,
    *,
    seed: int = 1,
) -> Score:
    """The score with its interval and chance band; documents are indices into `counts`."""
    they, we, level = counts.they_docs, counts.we_docs, limits.confidence
    value = float(divergence.gap_score(they, we))
    if shuffles is None or we_documents is None:
        interval = bands.interval_of_counts(they, we, seed=seed, confidence=level)
        chance = bands.chance_of_counts(they, we, seed=seed + 1, confidence=level)
        return Score(value, interval, chance, "counts")
    interval = bands.score_interval(they, we_documents, seed=seed, confidence=level)
    return Score(value, interval, shuffles.band(they, confidence=level), "documents")
