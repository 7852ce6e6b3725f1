"""Questions asked most: posts grouped by the two words most of them share, each in one group."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Ids = NDArray[np.int64]

WORDS = 300
"""Most used words among the questions that may name a group."""
LEAST = 3
"""Questions a group holds at least."""
TOGETHER = 0.1
"""Least NPMI of the two words of a group: less is no more than chance."""


@dataclass(frozen=True, slots=True)
class QuestionGroup:
    """Questions that share two words: their places among the documents asked about."""

    words: tuple[int, int]
    places: Ids
    npmi: float


def npmi(both: float, first: float, second: float, of: float) -> float:
    """How surely two words stand in the same documents, from -1 (never) over 0 (by chance) to 1
    (always): ln(p12 / (p1 p2)) / -ln p12 (Bouma 2009)."""
    if not both:
        return -1.0
    if both >= of:
        return 1.0
    return float(np.log(both * of / (first * second)) / -np.log(both / of))


def grouped(
    terms: NDArray[np.uint32],
    lengths: Ids,
    *,
    leave_out: frozenset[int] = frozenset(),
    most: int = 8,
) -> list[QuestionGroup]:
    """Groups of documents (term ids one after the other, `lengths` per document), the largest first.

    Again and again the pair of words is taken that most documents without a group share, weighed by
    how far that is beyond chance (count times NPMI); these documents are then its group. Ties go to
    the smaller ids, so the same questions give the same groups.
    """
    documents = len(lengths)
    ids, uses = np.unique(terms, return_counts=True)
    kept = (uses >= LEAST) & ~np.isin(ids, np.fromiter(leave_out, np.int64, len(leave_out)))
    ids, uses = ids[kept], uses[kept]
    order = np.lexsort((ids, -uses))[:WORDS]
    vocabulary = np.sort(ids[order])
    if documents < LEAST or len(vocabulary) < 2:
        return []
    table = _table(terms, lengths, vocabulary)
    weights = _npmi_table(table)
    free = np.ones(documents, bool)
    found: list[QuestionGroup] = []
    while len(found) < most:
        left = table[free]
        together = np.triu(left.T @ left, k=1)
        score = np.where(together >= LEAST, together * weights, 0.0)
        best = int(score.argmax())
        first, second = divmod(best, len(vocabulary))
        if score[first, second] <= 0:
            break
        places = np.flatnonzero(free & (table[:, first] > 0) & (table[:, second] > 0))
        pair = int(vocabulary[first]), int(vocabulary[second])
        found.append(QuestionGroup(pair, places, float(weights[first, second])))
        free[places] = False
    return sorted(found, key=lambda group: (-len(group.places), group.words))


def pair_counts(terms: NDArray[np.uint32], lengths: Ids, pairs: list[tuple[int, int]]) -> list[int]:
    """How many documents hold both words of each pair."""
    vocabulary = np.unique(np.array(pairs, np.int64)) if pairs else np.empty(0, np.int64)
    if not len(vocabulary) or not len(lengths):
        return [0] * len(pairs)
    table = _table(terms, lengths, vocabulary)
    place = {int(term): n for n, term in enumerate(vocabulary)}
    return [int((table[:, place[one]] * table[:, place[other]]).sum()) for one, other in pairs]


def _table(
    terms: NDArray[np.uint32], lengths: Ids, vocabulary: NDArray[np.integer]
) -> NDArray[np.float32]:
    """Documents by words: 1 where the word is in the document."""
    table = np.zeros((len(lengths), len(vocabulary)), np.float32)
    owner = np.repeat(np.arange(len(lengths)), lengths)
    place = np.minimum(np.searchsorted(vocabulary, terms), len(vocabulary) - 1)
    known = vocabulary[place] == terms
    table[owner[known], place[known]] = 1.0
    return table


def _npmi_table(table: NDArray[np.float32]) -> NDArray[np.float64]:
    """NPMI of every two words; 0 where it is too little to go by."""
    of = float(len(table))
    both = (table.T @ table).astype(np.float64)
    uses = np.diag(both)
    with np.errstate(divide="ignore", invalid="ignore"):
        value = np.log(both * of / np.outer(uses, uses)) / -np.log(both / of)
    value = np.where((both > 0) & (both < of), value, np.where(both >= of, 1.0, -1.0))
    return np.where(value >= TOGETHER, value, 0.0)
