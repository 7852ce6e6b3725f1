"""Tells the first of a group of copies from the copies: who said it first, who repeated it."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

DUPLICATE_DAYS = 30
"""A copy repeats something said at most so many days earlier; later it is said anew."""

FEWEST_WORDS = 4
"""Shorter texts ("Top fiets!") are alike because they are short, not because they are copied."""

WINDOW_MS = DUPLICATE_DAYS * 86_400_000


@dataclass(frozen=True, slots=True)
class Candidate:
    """A post that may be, or may have, a copy.

    `keys` are its same-text key and its near-duplicate bands without zeros; `at` is in milliseconds
    since 1970; `original` is what the archive holds now, None for a post that is new there.
    """

    id: int
    at: int
    customer: bool
    keys: frozenset[int]
    original: int | None = None


def originals(candidates: Iterable[Candidate]) -> dict[int, int]:
    """For each candidate the id of the post it repeats, or 0 when it is the first of its kind.

    Posts are taken in order of time; each either repeats the earliest first-of-its-kind it shares
    a key with (not more than `DUPLICATE_DAYS` before it) or becomes a first itself. Who wrote them
    does not matter. A customer may repeat the brand; the brand's own posts repeat only each other,
    so that they keep counting as the brand's words. The outcome does not depend on the order of
    arrival.

    Copies of a post that is not among the candidates keep what they have.
    """
    everyone = list(candidates)
    here = {candidate.id for candidate in everyone}
    firsts: dict[tuple[bool, int], list[Candidate]] = {}
    found: dict[int, int] = {}
    for candidate in sorted(everyone, key=lambda one: (one.at, one.id)):
        if candidate.original and candidate.original not in here:
            found[candidate.id] = candidate.original
            continue
        earlier = [
            first
            for key in candidate.keys
            for first in firsts.get((candidate.customer, key), ())
            if candidate.at - first.at <= WINDOW_MS
        ]
        if earlier:
            found[candidate.id] = min(earlier, key=lambda one: (one.at, one.id)).id
            continue
        found[candidate.id] = 0
        for key in candidate.keys:
            firsts.setdefault((True, key), []).append(candidate)
            if not candidate.customer:
                firsts.setdefault((False, key), []).append(candidate)
    return found


def sharing(keys: NDArray[np.uint64], elsewhere: Iterable[int]) -> NDArray[np.int64]:
    """Which rows of `keys` share one with another row or with `elsewhere`; nearly all share none."""
    values, counts = np.unique(keys, return_counts=True)
    shared = np.union1d(values[counts > 1], np.fromiter(elsewhere, np.uint64))
    return np.flatnonzero(np.isin(keys, shared[shared != 0]).any(axis=1))


def keys_of(same_key: int, bands: Iterable[int], words: int) -> frozenset[int]:
    """The keys under which copies of a text are found; none for a text too short to compare."""
    if words < FEWEST_WORDS:
        return frozenset()
    return frozenset(key for key in (same_key, *bands) if key)
