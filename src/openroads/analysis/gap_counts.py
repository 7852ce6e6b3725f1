"""What a gap is made of: counts of words on both sides, and from where on they may be shown."""

from collections.abc import Sequence, Set
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Counts = NDArray[np.int64]
Shortage = Literal["posts", "passages"]


@dataclass(frozen=True, slots=True)
class TermCounts:
    """Documents per term, column by column: posts on their side, passages and own posts on ours.

    `ids` are in ascending order, each once.
    """

    ids: Counts
    they_docs: Counts
    we_docs: Counts

    def __len__(self) -> int:
        return len(self.ids)

    def of(self, chosen: NDArray[np.bool_]) -> "TermCounts":
        """The same columns for the chosen terms only."""
        return TermCounts(self.ids[chosen], self.they_docs[chosen], self.we_docs[chosen])

    def counted(
        self, ids: Counts, they: Counts | None = None, we: Counts | None = None
    ) -> "TermCounts":
        """The same with documents of these terms counted anew; terms that are not here are passed over."""
        place = np.searchsorted(self.ids, ids)
        known = self.ids[np.minimum(place, len(self) - 1)] == ids if len(self) else ids < ids
        columns = [self.they_docs.copy(), self.we_docs.copy()]
        for column, docs in zip(columns, (they, we), strict=True):
            if docs is not None:
                column[place[known]] = docs[known]
        return TermCounts(self.ids, *columns)

    def places(self, ids: Counts) -> Counts:
        """Where terms stand; all of them must be here."""
        return np.searchsorted(self.ids, ids).astype(np.int64)


@dataclass(frozen=True, slots=True)
class TermDetails:
    """What has to be known of a term before it can be shown; asked for the candidates only.

    `ids` in ascending order. `keys` are grouping keys (two words joined by one space make a pair),
    `shown` what a reader sees, `languages` BCP 47. `they_people` are the people known to use it:
    at least so many. `*_rated` are the documents whose tone is known, among which `*_positive` and
    `*_negative`; the others say nothing about feeling.
    """

    ids: Counts
    keys: Sequence[str]
    shown: Sequence[str]
    languages: Sequence[str]
    they_people: Counts
    they_rated: Counts
    they_positive: Counts
    they_negative: Counts
    we_rated: Counts
    we_positive: Counts
    we_negative: Counts

    def __len__(self) -> int:
        return len(self.ids)

    def with_people(self, ids: Counts, people: Counts) -> "TermDetails":
        """The same with these terms' people counted anew."""
        known = self.they_people.copy()
        known[np.searchsorted(self.ids, ids)] = people
        return replace(self, they_people=known)

    def without(self, ids: Set[int]) -> "TermDetails":
        """The same without some terms."""
        kept = [place for place, term in enumerate(self.ids.tolist()) if term not in ids]
        if len(kept) == len(self):
            return self
        return TermDetails(
            self.ids[kept],
            [self.keys[place] for place in kept],
            [self.shown[place] for place in kept],
            [self.languages[place] for place in kept],
            self.they_people[kept],
            self.they_rated[kept],
            self.they_positive[kept],
            self.they_negative[kept],
            self.we_rated[kept],
            self.we_positive[kept],
            self.we_negative[kept],
        )


@dataclass(frozen=True, slots=True)
class Totals:
    """What was read: their posts, people and words; our texts (documents a reader would count),
    passages and words. `nameless` are their posts whose author nobody knows.
    """

    posts: int
    people: int
    they_words: int
    texts: int
    passages: int
    we_words: int
    nameless: int = 0


@dataclass(frozen=True, slots=True)
class Thresholds:
    """From where on a word, a list or a score may be shown. The defaults stand in the reader's
    method note.
    """

    z: float = 3.3
    rule: Literal["z", "bh"] = "z"
    q: float = 0.05
    min_posts: int = 10
    min_people: int = 5
    """Authors; a post whose author nobody knows counts as one of its own here."""
    min_passages: int = 5
    """Passages of ours that must hold a word before it is ours, or before both can be said to say
    it.
    """
    min_ratio: float = 2.0
    """'They say it, we don't' asks for at least so many times our rate; a surer but smaller
    difference stays on the axis.
    """
    few_posts: int = 30
    few_passages: int = 5
    confidence: float = 0.95


def shortage_of(totals: Totals, limits: Thresholds) -> Shortage | None:
    """What there is too little of for a score, if anything."""
    if totals.posts < limits.few_posts:
        return "posts"
    return "passages" if totals.passages < limits.few_passages else None


def least_use(limits: Thresholds) -> int:
    """Documents on both sides together below which a term is part of no gap."""
    return min(limits.min_posts, limits.min_passages)


def used_enough(
    counts: TermCounts, limits: Thresholds, leave_out: Set[int] = frozenset()
) -> NDArray[np.bool_]:
    """The terms a gap is made of: not rarer than anything that could be shown, and not left out."""
    used = (counts.they_docs + counts.we_docs) >= least_use(limits)
    used &= ~np.isin(counts.ids, np.fromiter(leave_out, np.int64, len(leave_out)))
    return np.asarray(used)
