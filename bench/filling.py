"""A large archive in a few minutes, for asking only: rows made in arrays and inserted as they are.

The posts are those of `archive_growth.Writer` (words of a Zipf vocabulary, pairs of neighbours), but no
message is made, analysed or looked up on the way: a tenth of the time `ingest` takes in Python. What the
engine does with them is the same: indexes, sums, merges. Terms get numbers in order of first use, as
from the term book, but other hashes: nothing may be ingested into such an archive afterwards.
"""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from bench.archive_growth import DAYS, NOW, WORDS, Writer
from openroads.analysis.pipeline import ANALYSER
from openroads.archive.batch import DELTA_COLUMNS, MOMENT, UINT16S
from openroads.archive.client import Archive
from openroads.archive.ingest import Passage, ingest_passages

PORTION = 50_000
IN_A_POST, SAID, PAIRED = 18, 9, 6
"""Words of a post; of these the first count as terms, and the first of those in pairs too."""
KINDS = ("other", "other", "other", "question", "complaint", "praise")
AUTHORS = 200_000

Codes = NDArray[np.int64]


class Terms:
    """The number of every word and pair: a pair is the code `WORDS + first * WORDS + second`."""

    def __init__(self) -> None:
        self._codes: Codes = np.empty(0, np.int64)
        self._ids: NDArray[np.uint32] = np.empty(0, np.uint32)

    def ids(self, archive: Archive, codes: Codes, named: pa.Array) -> NDArray[np.uint32]:
        """The numbers of these codes; new ones are written to the archive first."""
        used, first, places = np.unique(codes, return_index=True, return_inverse=True)
        at = np.searchsorted(self._codes, used)
        known = np.zeros(len(used), np.bool_)
        inside = at < len(self._codes)
        known[inside] = self._codes[at[inside]] == used[inside]
        ids = np.zeros(len(used), np.uint32)
        ids[known] = self._ids[at[known]]
        new = np.flatnonzero(~known)
        order = new[np.argsort(first[new], kind="stable")]
        ids[order] = np.arange(len(self._ids) + 1, len(self._ids) + 1 + len(order), dtype=np.uint32)
        self._write(archive, used[order], ids[order], named)
        self._codes = np.insert(self._codes, at[new], used[new])
        self._ids = np.insert(self._ids, at[new], ids[new])
        return np.asarray(ids[places], np.uint32)

    def _write(
        self, archive: Archive, codes: Codes, ids: NDArray[np.uint32], named: pa.Array
    ) -> None:
        pair = codes >= WORDS
        second = named.take(pa.array(np.where(pair, codes % WORDS, 0)))
        both = pc.binary_join_element_wise(
            named.take(pa.array(np.where(pair, codes // WORDS - 1, codes))), second, " "
        )
        keys = pc.if_else(pa.array(pair), both, named.take(pa.array(np.where(pair, 0, codes))))
        table = {
            "id": ids, "hash": _mixed(codes), "key": keys, "shown": keys,
            "language": pa.array(["nl"]).take(pa.array(np.zeros(len(ids), np.int32))),
        }  # fmt: skip
        archive.insert("term", pa.table(table))


def fill_quickly(archive: Archive, posts: int, *, days: int = DAYS, seed: int = 1) -> None:
    """So many posts over the last `days`, and two hundred texts of the brand."""
    writer, terms = Writer(seed), Terms()
    named = pa.array([f"woord{number}" for number in range(WORDS)])
    start = NOW - timedelta(days=days)
    for first in range(0, posts, PORTION):
        count = min(PORTION, posts - first)
        begin, end = (start + timedelta(days=days) * (n / posts) for n in (first, first + count))
        table = _rows(archive, writer, terms, named, first, count, begin, end)
        archive.insert("post", table)
        told = table.select(list(DELTA_COLUMNS))
        archive.insert(
            "delta", told.append_column("sign", pa.array(np.ones(count, np.int8))), summed=True
        )
        print(f"{first + count:,} posts", flush=True)
    messages, found = Writer(2).batch(1_000, NOW - timedelta(days=900), NOW - timedelta(days=890))
    _own_words(archive, terms, named, messages, found)


def _own_words(archive: Archive, terms: Terms, named: pa.Array, messages: Any, found: Any) -> None:
    """The brand's texts, through the ordinary way in: their terms are in the term table already."""
    from openroads.archive.termbook import book_of

    book = book_of(archive)
    codes = np.array(
        [
            int(parts[0][5:]) if len(parts) == 1 else WORDS * (1 + int(parts[0][5:])) + int(parts[1][5:])
            for parts in (key.split(" ") for key in found.form_keys)
        ],
        np.int64,
    )  # fmt: skip
    ids = terms.ids(archive, codes, named)
    book._at_hand.update(zip(found.form_keys, ids.tolist(), strict=True))
    own = [
        Passage(row // 5, row % 5, 1, "", "", one.text, date(2024, 1, 1), None)
        for row, one in enumerate(messages)
    ]
    ingest_passages(archive, own, found)


def _rows(
    archive: Archive,
    writer: Writer,
    terms: Terms,
    named: pa.Array,
    first: int,
    count: int,
    begin: datetime,
    end: datetime,
) -> pa.Table:
    """Rows of `post` in order of time."""
    random = writer.random
    words = writer.words(count * IN_A_POST).reshape(count, IN_A_POST).astype(np.int64)
    codes = np.column_stack(
        (words[:, :SAID], WORDS + words[:, : PAIRED - 1] * WORDS + words[:, 1:PAIRED])
    )
    kept = np.ones(codes.shape, np.bool_)
    for place in range(1, codes.shape[1]):  # each term once per post
        kept[:, place] = ~(codes[:, :place] == codes[:, place : place + 1]).any(axis=1)
    offsets = np.concatenate(([0], np.cumsum(kept.sum(axis=1)))).astype(np.int32)
    ids = terms.ids(archive, codes[kept], named)
    since = int((begin - datetime(1970, 1, 1, tzinfo=UTC)).total_seconds() * 1000)
    span = int((end - begin).total_seconds() * 1000)
    moments = since + np.sort(random.integers(0, span, count))
    authors = random.zipf(1.6, count) % AUTHORS
    numbers = np.arange(first, first + count)
    said = pa.ListArray.from_arrays(
        pa.array(np.arange(0, words.size + 1, IN_A_POST, dtype=np.int32)),
        named.take(pa.array(words.ravel())),
    )
    product = random.integers(0, 4, count)
    empty = _same("", count)
    return pa.table(
        {
            "id": _mixed(numbers + 1),
            "published_at": pa.array(moments).cast(MOMENT),
            "source": (1 + numbers // 5_000 % 5).astype(np.uint32),
            "network": _same("forum", count),
            "native_id": pc.binary_join_element_wise("post", pa.array(numbers).cast(pa.string()), "-"),
            "voice": _same("customer", count),
            "author_key": _mixed(authors + 7_000_000_000),
            "author": pc.binary_join_element_wise("author", pa.array(authors).cast(pa.string()), ""),
            "author_name": empty, "url": empty, "title": empty,
            "text": pc.binary_join(said, " "),
            "reply_to": empty, "thread": empty,
            "repost": pa.array(np.zeros(count, np.bool_)),
            "likes": (authors % 7).astype(np.uint32),
            "replies": pa.nulls(count, pa.uint32()), "reposts": pa.nulls(count, pa.uint32()),
            "views": pa.nulls(count, pa.uint64()), "rating": pa.nulls(count, pa.float32()),
            "language": _one_of(("en", "nl", "nl", "nl", "nl"), random.integers(0, 5, count)),
            "language_p": np.ones(count, np.float32),
            "tone": np.zeros(count, np.float32),
            "mood": random.integers(-1, 2, count).astype(np.int8),
            "kind": _one_of(KINDS, random.integers(0, 6, count)),
            "words": np.full(count, IN_A_POST, np.uint32),
            "terms": pa.ListArray.from_arrays(pa.array(offsets), pa.array(ids)),
            "brands": _lists(np.ones(count, np.int64)),
            "products": _lists(product),
            "same_key": random.integers(1, 2**63, count, dtype=np.uint64),
            "bands": pa.ListArray.from_arrays(
                pa.array(np.arange(0, 8 * count + 1, 8, dtype=np.int32)),
                pa.array(random.integers(1, 2**63, 8 * count, dtype=np.uint64)),
            ),
            "original": np.zeros(count, np.uint64),
            "analyser": _same(ANALYSER, count),
            "digest": random.integers(1, 2**63, count, dtype=np.uint64),
            "collected_at": pa.array(moments).cast(MOMENT),
            "version": np.ones(count, np.uint32),
            "is_deleted": np.zeros(count, np.uint8),
        }
    )  # fmt: skip


def _same(text: str, count: int) -> pa.Array:
    return _one_of((text,), np.zeros(count, np.int64))


def _one_of(texts: tuple[str, ...], places: NDArray[np.int64]) -> pa.Array:
    return pa.array(list(texts), pa.string()).take(pa.array(places))


def _lists(numbers: NDArray[np.int64]) -> pa.Array:
    """A list per row: of its number, or empty for 0."""
    there = numbers > 0
    ends = np.concatenate(([0], np.cumsum(there))).astype(np.int32)
    return pa.ListArray.from_arrays(
        pa.array(ends), pa.array(numbers[there].astype(np.uint16))
    ).cast(UINT16S)


def _mixed(numbers: NDArray[np.int64]) -> NDArray[np.uint64]:
    """Numbers that look like hashes, a different one each (splitmix64)."""
    mixed = numbers.astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15)
    mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return np.asarray(mixed ^ (mixed >> np.uint64(31)), np.uint64)
