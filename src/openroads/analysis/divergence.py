"""How far apart two ways of speaking are: Jensen-Shannon divergence, what chance alone gives, and
its interval.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from openroads.analysis.intervals import normal_quantile

Figures = NDArray[np.float64]
Indices = NDArray[np.int64]

DRAWS = 200
COUNT_DRAWS = 60
"""Enough for a standard deviation (within 9%), which is all the bands from counts alone need."""


@dataclass(frozen=True, slots=True)
class Documents:
    """Documents as lists of term indices: document i holds `terms[offsets[i]:offsets[i + 1]]`, each
    term once.

    `offsets` is int64 of shape (documents + 1,), `terms` indexes the vocabulary 0..V-1 of the
    counts beside it.
    """

    offsets: Indices
    terms: Indices

    def __len__(self) -> int:
        return max(len(self.offsets) - 1, 0)

    @classmethod
    def of(cls, documents: Sequence[Sequence[int]]) -> "Documents":
        """From plain lists of term indices."""
        lengths = [len(document) for document in documents]
        terms = [term for document in documents for term in document]
        return cls(_offsets(np.asarray(lengths, dtype=np.int64)), np.asarray(terms, dtype=np.int64))

    @classmethod
    def of_ids(cls, offsets: ArrayLike, ids: ArrayLike, vocabulary: ArrayLike) -> "Documents":
        """From archive term ids in CSR form; ids outside `vocabulary` (any order) fall out of their
        documents.
        """
        words = np.asarray(vocabulary, dtype=np.int64)
        flat = np.asarray(ids, dtype=np.int64)
        bounds = np.asarray(offsets, dtype=np.int64)
        if not len(words) or not len(flat):
            return cls(np.zeros(len(bounds), dtype=np.int64), np.empty(0, dtype=np.int64))
        order = np.argsort(words, kind="stable")
        places = np.minimum(np.searchsorted(words[order], flat), len(words) - 1)
        index = order[places]
        known = words[index] == flat
        kept = np.concatenate(([0], np.cumsum(known)))
        return cls(kept[bounds], index[known])

    def counts(self, vocabulary: int) -> Figures:
        """Documents holding each term, shape (vocabulary,)."""
        return np.bincount(self.terms, minlength=vocabulary).astype(np.float64)


@dataclass(frozen=True, slots=True)
class Band:
    """Ends of an interval on the scale of the gap score, 0..1."""

    low: float
    high: float


def _offsets(lengths: Indices) -> Indices:
    return np.concatenate((np.zeros(1, dtype=np.int64), np.cumsum(lengths)))


def _shares(counts: ArrayLike) -> Figures:
    figures = np.asarray(counts, dtype=np.float64)
    total = figures.sum(axis=-1, keepdims=True)
    return np.asarray(figures / np.where(total > 0, total, 1.0))


def divergence_shares(first: ArrayLike, second: ArrayLike) -> Figures:
    """What each term adds to the divergence, in bits, never negative; sums to `divergence` over the
    last axis.

    Half p log2(p/m) + half q log2(q/m) with m the mean of both (Lin 1991; Gallagher et al. 2021).
    Inputs are counts or shares of shape (..., terms), normalised here. A side without anything
    gives zeros.
    """
    p, q = _shares(first), _shares(second)
    m = (p + q) / 2.0
    safe = np.where(m > 0, m, 1.0)
    left = p * np.log2(np.where(p > 0, p, safe) / safe)
    right = q * np.log2(np.where(q > 0, q, safe) / safe)
    shares = np.maximum((left + right) / 2.0, 0.0)
    both = (p.sum(axis=-1, keepdims=True) > 0) & (q.sum(axis=-1, keepdims=True) > 0)
    return np.asarray(np.where(both, shares, 0.0))


def divergence(first: ArrayLike, second: ArrayLike) -> Figures:
    """Jensen-Shannon divergence in bits over the last axis: 0 same shares, 1 no term shared."""
    bits = divergence_shares(first, second).sum(axis=-1)
    return np.asarray(np.minimum(bits, 1.0), dtype=np.float64)


def gap_score(first: ArrayLike, second: ArrayLike) -> Figures:
    """Square root of the divergence, 0..1: a metric (Endres and Schindelin 2003), the gap before
    times 100.

    It is biased upward in small samples, so it is read beside `chance_band` of the same sizes.
    """
    return np.asarray(np.sqrt(divergence(first, second)))


def _drawn_counts(documents: Documents, chosen: Indices, vocabulary: int) -> NDArray[np.int32]:
    """Term counts of drawn documents; `chosen` has shape (draws, documents drawn), the result
    (draws, vocabulary).

    One draw at a time: its arrays stay in the processor's cache, which is twice as fast as all
    draws at once.
    """
    starts = documents.offsets[:-1].astype(np.int32)
    lengths = np.diff(documents.offsets).astype(np.int32)
    terms = documents.terms.astype(np.int32)
    drawn = np.empty((chosen.shape[0], vocabulary), dtype=np.int32)
    for draw, documents_drawn in enumerate(chosen):
        length = lengths[documents_drawn]
        ends = np.cumsum(length, dtype=np.int32)
        places = np.repeat(starts[documents_drawn] - (ends - length), length)
        places += np.arange(len(places), dtype=np.int32)
        drawn[draw] = np.bincount(terms[places], minlength=vocabulary)
    return drawn


def chance_band(
    they_counts: ArrayLike,
    they_documents: int,
    they_sample: Documents,
    we: Documents,
    *,
    draws: int = DRAWS,
    seed: int = 1,
    confidence: float = 0.95,
) -> Band:
    """The gap scores that shuffled documents give: as many as the brand has, drawn from
    everybody's, against the rest.

    A permutation test (draws = 200) in which whole documents change sides, so that words that come
    together stay together. `they_counts` are exact counts over all `they_documents`; when those are
    too many to carry, `they_sample` is a random sample of them and stands for the whole. `we` are
    the brand's documents. Same seed, same band.
    """
    counts = np.asarray(they_counts, dtype=np.float64)
    vocabulary, n = len(counts), len(we)
    if not n or not len(they_sample):
        return Band(0.0, 1.0)
    pool = counts + we.counts(vocabulary)
    both = Documents(
        np.concatenate((we.offsets, they_sample.offsets[1:] + we.offsets[-1])),
        np.concatenate((we.terms, they_sample.terms)),
    )
    random = np.random.default_rng(seed)
    own = random.hypergeometric(n, max(they_documents, 1), n, size=draws)
    chosen = np.empty((draws, n), dtype=np.int64)
    for draw in range(draws):
        chosen[draw, : own[draw]] = random.choice(n, own[draw], replace=False)
        rest = n - int(own[draw])
        repeat = rest > len(they_sample)
        chosen[draw, own[draw] :] = n + random.choice(len(they_sample), rest, replace=repeat)
    drawn = _drawn_counts(both, chosen, vocabulary)
    scores = _scores_against_rest(drawn, pool)
    return _band(scores, confidence)


def _scores_against_rest(drawn: NDArray[np.int32], pool: Figures) -> Figures:
    """Gap score of each row of `drawn` against what is left of `pool`; shape (draws,).

    Terms that were not drawn add half their share on the other side, so that logarithms are taken
    for the rest only.
    """
    draws = drawn.shape[0]
    rest = np.maximum(pool - drawn, 0.0)
    left, right = drawn.sum(axis=1), rest.sum(axis=1)
    rows, terms = np.nonzero(drawn)
    p = drawn[rows, terms] / left[rows]
    q = rest[rows, terms] / np.where(right > 0, right, 1.0)[rows]
    m = (p + q) / 2.0
    shares = p * np.log2(p / m) + q * np.log2(np.where(q > 0, q, m) / m)
    seen = np.bincount(rows, weights=q, minlength=draws)
    sums = np.bincount(rows, weights=shares, minlength=draws)
    bits = (sums + np.maximum(1.0 - seen, 0.0)) / 2.0
    bits = np.where((left > 0) & (right > 0), bits, 0.0)
    return np.asarray(np.sqrt(np.clip(bits, 0.0, 1.0)), dtype=np.float64)


def _band(scores: Figures, confidence: float) -> Band:
    low, high = np.quantile(scores, ((1 - confidence) / 2, (1 + confidence) / 2))
    return Band(float(low), float(high))


def _around(score: float, scores: Figures, confidence: float) -> Band:
    """Quantiles of the resampled scores, moved so that their mean is the score itself.

    TRICKY: resampling adds sampling noise once more, and noise only ever widens a gap: the plain
    percentile interval of a plug-in divergence lies above its own estimate. The spread is right,
    its place is not.
    """
    band = _band(scores, confidence)
    shift = score - float(scores.mean())
    low, high = min(band.low + shift, score), max(band.high + shift, score)
    return Band(max(low, 0.0), min(high, 1.0))


def score_interval(
    they_counts: ArrayLike,
    we: Documents,
    *,
    draws: int = DRAWS,
    seed: int = 2,
    confidence: float = 0.95,
) -> Band:
    """Bootstrap interval of the gap score: the brand's documents drawn again with return,
    customers' counts as Poisson.

    The brand's few documents carry nearly all of the uncertainty; for the customers' many posts a
    Poisson count per term has the right variance without carrying the posts.
    """
    counts = np.asarray(they_counts, dtype=np.float64)
    vocabulary, n = len(counts), len(we)
    score = float(gap_score(counts, we.counts(vocabulary)))
    if not n or not vocabulary:
        return Band(0.0, 1.0)
    random = np.random.default_rng(seed)
    drawn = _drawn_counts(we, random.integers(0, n, size=(draws, n)), vocabulary)
    they = _poisson(random, counts, draws)
    return _around(score, gap_score(they, drawn), confidence)


def _poisson(random: np.random.Generator, counts: Figures, draws: int) -> Figures:
    """Poisson counts of shape (draws, terms); a normal stands in above 50, where the two are the
    same to the eye.
    """
    result = np.empty((draws, len(counts)))
    many = counts > 12
    result[:, ~many] = random.poisson(counts[~many], size=(draws, int((~many).sum())))
    mean = counts[many]
    normal = mean + np.sqrt(mean) * random.standard_normal((draws, len(mean)))
    result[:, many] = np.maximum(normal, 0.0)
    return result


def _used_counts(they: ArrayLike, we: ArrayLike) -> tuple[Figures, Figures]:
    first, second = np.asarray(they, dtype=np.float64), np.asarray(we, dtype=np.float64)
    used = (first + second) > 0
    return first[used], second[used]


def _normal_band(centre: float, scores: Figures, confidence: float) -> Band:
    half = normal_quantile(confidence) * float(scores.std(ddof=1))
    return Band(max(centre - half, 0.0), min(centre + half, 1.0))


def interval_of_counts(
    they_counts: ArrayLike,
    we_counts: ArrayLike,
    *,
    draws: int = COUNT_DRAWS,
    seed: int = 3,
    confidence: float = 0.95,
) -> Band:
    """Interval of the score from counts alone (Poisson bootstrap), for months and products where
    documents are not read.

    A little too narrow, because it forgets that words come in documents; `score_interval` knows.
    """
    they, we = _used_counts(they_counts, we_counts)
    if not they.sum() or not we.sum():
        return Band(0.0, 1.0)
    random = np.random.default_rng(seed)
    scores = gap_score(_poisson(random, they, draws), _poisson(random, we, draws))
    return _normal_band(float(gap_score(they, we)), scores, confidence)


def chance_of_counts(
    they_counts: ArrayLike,
    we_counts: ArrayLike,
    *,
    draws: int = COUNT_DRAWS,
    seed: int = 4,
    confidence: float = 0.95,
) -> Band:
    """The scores that two samples of these sizes from one common vocabulary give, from counts
    alone.
    """
    they, we = _used_counts(they_counts, we_counts)
    if not they.sum() or not we.sum():
        return Band(0.0, 1.0)
    shares = (they + we) / (they.sum() + we.sum())
    random = np.random.default_rng(seed)
    first = _poisson(random, shares * they.sum(), draws)
    second = _poisson(random, shares * we.sum(), draws)
    scores = gap_score(first, second)
    return _normal_band(float(scores.mean()), scores, confidence)


def per_hundred(score: float) -> int:
    """A score 0..1 as the whole figure a reader sees, 0..100, halves upward."""
    return math.floor(score * 100 + 0.5)
