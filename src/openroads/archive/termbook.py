"""Gives every term its number: the one place where term ids are made."""

from collections.abc import Sequence
from hashlib import blake2b
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from openroads.analysis.pipeline import Analysis, in_order
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
        self._archive = archive
        self._read()

    def _read(self) -> None:
        known = self._archive.written(sql.TERM_HASHES, {})
        hashes, ids = known["hash"].to_numpy(), known["id"].to_numpy()
        order = np.argsort(hashes)
        self._hashes: NDArray[np.uint64] = hashes[order]
        self._ids: NDArray[np.uint32] = ids[order]
        self._late: dict[int, int] = {}
        self._at_hand: dict[str, int] = {}
        self._count = len(ids)
        """Rows in the archive up to the last number this book knows."""
        self._last = int(ids.max()) if len(ids) else 0
        self._next = self._last + 1

    def catch_up(self, archive: "Archive") -> None:
        """Learn what another process wrote or erased since this book was used last."""
        left = archive.written(sql.TERMS_UNTIL, {"last": self._last})["n"][0].as_py()
        if left != self._count:  # some were erased: their numbers may be no more
            self._read()
            return
        new = archive.written(sql.TERMS_SINCE, {"last": self._last})
        hashes, ids = new["hash"].to_numpy(), new["id"].to_numpy()
        if len(ids):
            self._late.update(zip(hashes.tolist(), ids.tolist(), strict=True))
            self._wrote(len(ids), int(ids.max()))

    def _wrote(self, count: int, last: int) -> None:
        self._count, self._last = self._count + count, max(self._last, last)
        self._next = max(self._next, self._last + 1)
        if len(self._late) > AT_HAND:
            self._file_late_ones()

    def ids(self, analysis: Analysis) -> NDArray[np.uint32]:
        """One id per term of every text; unknown terms are written to the archive first, in the
        spelling and the language of most of these texts."""
        # TRICKY: only what somebody says. A form may be left over from texts that were taken out,
        # and no word of theirs may be written down.
        used, forms = in_order(np.asarray(analysis.term_forms))
        keys = [analysis.form_keys[form] for form in used]
        encoded = pa.array(keys, pa.string()).dictionary_encode()
        terms = encoded.indices.to_numpy()[forms]
        distinct: list[str] = encoded.dictionary.to_pylist()
        at_hand = self._at_hand
        found = [at_hand.get(key, 0) for key in distinct]
        if missing := [place for place, number in enumerate(found) if not number]:
            hashes = np.array([term_hash(distinct[place]) for place in missing], np.uint64)
            numbers = self._by_hash(hashes)
            unknown = np.flatnonzero(numbers == 0)
            if len(unknown):
                new = np.array(missing)[unknown]
                shown = [analysis.form_shown[form] for form in used]
                places = _usual_places(terms, forms, shown, len(distinct))[new]
                texts = np.searchsorted(np.asarray(analysis.term_offsets), places, "right") - 1
                numbers[unknown] = self._write(
                    hashes[unknown],
                    [distinct[place] for place in new.tolist()],
                    [shown[form] for form in forms[places].tolist()],
                    [analysis.language[text] for text in texts.tolist()],
                )
            if len(at_hand) > AT_HAND:
                at_hand.clear()
            for place, number in zip(missing, numbers.tolist(), strict=True):
                found[place] = at_hand[distinct[place]] = number
        ids: NDArray[np.uint32] = np.array(found, np.uint32)[terms]
        return ids

    def forget(self, ids: Sequence[int]) -> None:
        """These terms are no more: who says one of them again gets a new number."""
        gone = np.array(sorted(ids), np.uint32)
        self._count -= len(gone)
        keep = ~np.isin(self._ids, gone)
        self._hashes, self._ids = self._hashes[keep], self._ids[keep]
        numbers = set(gone.tolist())
        self._late = {key: number for key, number in self._late.items() if number not in numbers}
        self._at_hand = {key: each for key, each in self._at_hand.items() if each not in numbers}

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
        self._wrote(len(ids), int(ids[-1]))
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


def _usual_places(
    terms: NDArray[np.int32], forms: NDArray[np.int32], shown: Sequence[str], count: int
) -> NDArray[np.int64]:
    """For each of `count` terms a place where it is written as most of this batch write it: the
    first spelling that comes along may be somebody's slip, and it stays."""
    spellings = pa.array(shown, pa.string()).dictionary_encode().indices.to_numpy()[forms]
    pairs = terms.astype(np.int64) << 32 | spellings
    _, first, often = np.unique(pairs, return_index=True, return_counts=True)
    order = np.lexsort((-first, often))  # rarest first, so that the most usual is written last
    usual = np.empty(count, np.int64)
    usual[terms[first[order]]] = first[order]
    return usual
