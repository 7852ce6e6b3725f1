"""Gives every term its number: the one place where term ids are made."""

from collections.abc import Sequence
from hashlib import blake2b
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from openroads.archive.queries import writing as sql

if TYPE_CHECKING:
    from openroads.archive.client import Archive

AT_HAND = 300_000
"""Terms kept by name for speed; the others are found by hash at 12 bytes a term."""


def term_hash(key: str) -> int:
    """The 64-bit hash a term is found by. Among ten million terms two share one once in 370,000
    archives; they would then count as one term."""
    return int.from_bytes(blake2b(key.encode("utf-8", "replace"), digest_size=8).digest(), "little")


class TermBook:
    """All terms of the archive by hash, the most recent ones by name. For the one writer only."""

    def __init__(self, archive: "Archive") -> None:
        known = archive.written(sql.TERM_HASHES, {})
        hashes, ids = known["hash"].to_numpy(), known["id"].to_numpy()
        order = np.argsort(hashes)
        self._hashes: NDArray[np.uint64] = hashes[order]
        self._ids: NDArray[np.uint32] = ids[order]
        self._late: dict[int, int] = {}
        self._at_hand: dict[str, int] = {}
        self._next = int(ids.max()) + 1 if len(ids) else 1
        self._archive = archive

    def ids(
        self, keys: Sequence[str], shown: Sequence[str], languages: Sequence[str]
    ) -> NDArray[np.uint32]:
        """One id per key; unknown keys are written to the archive first. Languages go per key."""
        encoded = pa.array(keys, pa.string()).dictionary_encode()
        places = encoded.indices.to_numpy()
        distinct: list[str] = encoded.dictionary.to_pylist()
        at_hand = self._at_hand
        found = [at_hand.get(key, 0) for key in distinct]
        if missing := [place for place, number in enumerate(found) if not number]:
            hashes = np.array([term_hash(distinct[place]) for place in missing], np.uint64)
            numbers = self._by_hash(hashes)
            unknown = np.flatnonzero(numbers == 0)
            if len(unknown):
                usual = _usual_places(places, shown, len(distinct))
                sources = [int(usual[missing[place]]) for place in unknown.tolist()]
                numbers[unknown] = self._write(
                    hashes[unknown],
                    [keys[place] for place in sources],
                    [shown[place] for place in sources],
                    [languages[place] for place in sources],
                )
            if len(at_hand) > AT_HAND:
                at_hand.clear()
            for place, number in zip(missing, numbers.tolist(), strict=True):
                found[place] = at_hand[distinct[place]] = number
        ids: NDArray[np.uint32] = np.array(found, np.uint32)[places]
        return ids

    def _by_hash(self, hashes: NDArray[np.uint64]) -> NDArray[np.uint32]:
        answer = np.zeros(len(hashes), np.uint32)
        if len(self._hashes):
            at = np.minimum(np.searchsorted(self._hashes, hashes), len(self._hashes) - 1)
            hit = self._hashes[at] == hashes
            answer[hit] = self._ids[at[hit]]
        for place in np.flatnonzero(answer == 0).tolist():
            answer[place] = self._late.get(int(hashes[place]), 0)
        return answer

    def _write(
        self,
        hashes: NDArray[np.uint64],
        keys: Sequence[str],
        shown: Sequence[str],
        languages: Sequence[str],
    ) -> NDArray[np.uint32]:
        ids = np.arange(self._next, self._next + len(hashes), dtype=np.uint32)
        # TRICKY: used up before the write. When the write fails half-way, its numbers are never
        # given to other terms; the terms simply get new ones.
        self._next += len(hashes)
        self._archive.insert(
            "term",
            pa.table(
                {
                    "id": ids,
                    "hash": hashes,
                    "key": pa.array(keys, pa.string()),
                    "shown": pa.array(shown, pa.string()),
                    "language": pa.array(languages, pa.string()),
                }
            ),
        )
        self._late.update(zip(hashes.tolist(), ids.tolist(), strict=True))
        if len(self._late) > AT_HAND:
            self._file_late_ones()
        return ids

    def _file_late_ones(self) -> None:
        hashes = np.concatenate((self._hashes, np.fromiter(self._late.keys(), np.uint64)))
        ids = np.concatenate((self._ids, np.fromiter(self._late.values(), np.uint32)))
        order = np.argsort(hashes, kind="stable")
        self._hashes, self._ids = hashes[order], ids[order]
        self._late = {}


def book_of(archive: "Archive") -> TermBook:
    """The archive's one book of terms, read at the first call."""
    book: TermBook | None = archive.memory.get("terms")
    if book is None:
        book = archive.memory["terms"] = TermBook(archive)
    return book


def _usual_places(places: NDArray[np.int32], shown: Sequence[str], count: int) -> NDArray[np.int64]:
    """For each key a place where it is written as most of this batch write it: the first spelling
    that comes along may be somebody's slip, and it stays."""
    forms = pa.array(shown, pa.string()).dictionary_encode().indices.to_numpy().astype(np.int64)
    pairs = places.astype(np.int64) * (int(forms.max(initial=0)) + 1) + forms
    _, first, often = np.unique(pairs, return_index=True, return_counts=True)
    order = np.lexsort((-first, often))  # rarest first, so that the most usual is written last
    usual = np.empty(count, np.int64)
    usual[places[first[order]]] = first[order]
    return usual
