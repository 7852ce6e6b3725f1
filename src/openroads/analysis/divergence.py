"""How far apart two ways of speaking are: the Jensen-Shannon divergence of their words."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

Figures = NDArray[np.float64]
Indices = NDArray[np.int64]


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
        in_order = bool(np.all(words[1:] > words[:-1]))
        order = np.arange(len(words)) if in_order else np.argsort(words, kind="stable")
        places = np.minimum(np.searchsorted(words[order], flat), len(words) - 1)
        index = order[places]
        known = words[index] == flat
        kept = np.concatenate(([0], np.cumsum(known)))
        return cls(kept[bounds], index[known])

    def counts(self, vocabulary: int) -> Figures:
        """Documents holding each term, shape (vocabulary,)."""
        return np.bincount(self.terms, minlength=vocabulary).astype(np.float64)


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

    It is biased upward in small samples, so it is read beside `bands.chance_band` of the same sizes.
    """
    return np.asarray(np.sqrt(divergence(first, second)))


def per_hundred(score: float) -> int:
    """A score 0..1 as the whole figure a reader sees, 0..100, halves upward."""
    return math.floor(score * 100 + 0.5)
