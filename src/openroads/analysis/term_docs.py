"""Documents per term, for as many terms as there are: what counting gives and comparing takes."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Counts = NDArray[np.int64]

_HALF = 1 << 31


@dataclass(frozen=True, slots=True)
class TermDocs:
    """In how many documents each term is: `ids` ascending, each once; terms that are absent are in
    none. Its size goes by the terms that occur, not by those that ever did."""

    ids: Counts
    docs: Counts

    @classmethod
    def of_uses(cls, terms: NDArray[np.integer]) -> "TermDocs":
        """Of the terms of documents one after the other, each term once per document."""
        ordered = np.sort(terms).astype(np.int64)
        starts = _starts(ordered)
        return cls(ordered[starts], np.diff(np.append(starts, len(ordered))))

    @classmethod
    def of_parts(
        cls, parts: Sequence[tuple[NDArray[np.integer], NDArray[np.integer]]]
    ) -> "TermDocs":
        """Of blocks of terms, each with a part of its documents (32 bits, also below zero), which are
        added up. What comes to nothing is left out."""
        # Term and documents in one number: putting these in order needs no second look-up.
        keys = np.concatenate(
            [np.empty(0, np.int64)]
            + [(terms.astype(np.int64) << 32) + (docs.astype(np.int64) + _HALF) for terms, docs in parts]
        )  # fmt: skip
        keys.sort()
        ids = keys >> 32
        starts = _starts(ids)
        if not len(starts):
            return cls(ids, ids)
        docs = np.add.reduceat((keys & 0xFFFFFFFF) - _HALF, starts)
        there = docs != 0
        return cls(ids[starts][there], docs[there])

    def __len__(self) -> int:
        return len(self.ids)

    def of(self, ids: Counts) -> Counts:
        """Documents with each of these terms."""
        if not len(self):
            return np.zeros(len(ids), np.int64)
        place = np.minimum(np.searchsorted(self.ids, ids), len(self) - 1)
        return np.where(self.ids[place] == ids, self.docs[place], 0)

    def at_least(self, documents: int) -> "TermDocs":
        """The terms of so many documents or more."""
        enough = self.docs >= documents
        return TermDocs(self.ids[enough], self.docs[enough])

    def times(self, factor: int) -> "TermDocs":
        """As an estimate of so many times as many documents."""
        return TermDocs(self.ids, self.docs * factor)


def _starts(ordered: Counts) -> Counts:
    """Where each number begins in a list of numbers in order."""
    if not len(ordered):
        return np.empty(0, np.int64)
    return np.flatnonzero(np.concatenate(([True], ordered[1:] != ordered[:-1])))
