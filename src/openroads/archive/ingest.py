"""Lands batches in the archive: each message once, edits and deletions as later versions, the sums
kept true by what came and what went."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from openroads.analysis.pipeline import Analysis
from openroads.archive import rollups
from openroads.archive.batch import (
    DELTA_COLUMNS,
    MOMENT,
    Batch,
    Landed,
    Origin,
    author_key,
    lay_out,
    milliseconds,
    post_id,
)
from openroads.archive.client import Archive
from openroads.archive.comparing import Change, compare
from openroads.archive.copies import find_copies, point_elsewhere
from openroads.archive.erased import without_erased
from openroads.archive.filing import Incoming, Standing, file_batch
from openroads.archive.known import KnownIds, KnownKeys
from openroads.archive.message import Message
from openroads.archive.passages import Passage, ingest_passages, withdraw_text
from openroads.archive.queries import writing as sql
from openroads.archive.rollups import rebuild_rollups, verify_rollups
from openroads.archive.termbook import TermBook, book_of

__all__ = [
    "Landed",
    "Origin",
    "Passage",
    "author_key",
    "get_ready",
    "ingest",
    "ingest_passages",
    "perhaps_held",
    "post_id",
    "rebuild_rollups",
    "verify_rollups",
    "withdraw_text",
]


def ingest(
    archive: Archive,
    messages: Sequence[Message],
    analysis: Analysis,
    origin: Origin | Sequence[Origin],
    *,
    now: datetime,
    topics: Sequence[Standing] = (),
) -> Landed:
    """Write one batch (2,000 to 20,000 messages), filed under `topics`; durable when this returns.

    `analysis` is of the same messages, in the same order (deletions included); `origin` is of all of them,
    or one of each: a stream is heard for many sources at once. Idempotent: what is
    there already, unchanged, is not written; a changed text, figure, author or analysis replaces
    the row; a moved date moves it. Within a batch the last message about a post wins. The four
    figures of `Landed` and `withheld` add up to the number of messages; repeats within the batch and
    deletions of posts never seen count as `same`; what an erased author said is withheld.

    Raises ValueError for a date before 1990 or after tomorrow, or without a time zone. One process
    at a time ingests: `write_lock` sees to that, by turns where a server holds the archive.
    """
    if len(analysis.language) != len(messages):
        raise ValueError("The analysis is not of these messages: their numbers differ.")
    origins = [origin] * len(messages) if isinstance(origin, Origin) else origin
    with archive.write_lock:
        memory = memory_of(archive)
        rollups.mend(archive)
        given = len(messages)
        messages, analysis, origins = without_erased(archive, messages, analysis, origins)
        term_ids = memory.terms.ids(analysis)
        batch = lay_out(messages, analysis, origins, term_ids, secret=archive.author_key, now=now)
        change = compare(archive, memory.known, batch)
        stamp = 0
        if change.rows or change.old:
            stamp = memory.version + 1
            incoming = _incoming(messages, analysis, origins, batch, change)
            file_batch(archive, topics, incoming, stamp=stamp)
            _write(archive, memory, batch, change, now)
    added, changed = len(change.rows) - len(change.changed), len(change.changed)
    deleted = len(change.deleted)
    same = len(messages) - added - changed - deleted
    kept = Counter(batch.table["source"].take(pa.array(change.rows, pa.int64())).to_pylist())
    return Landed(added, changed, same, deleted, given - len(messages), stamp, kept)


def get_ready(archive: Archive) -> None:
    """Read what the writer remembers now rather than at the first batch."""
    with archive.write_lock:
        memory_of(archive)


def perhaps_held(archive: Archive, source: int, native_ids: Sequence[str]) -> list[bool]:
    """False for posts that this source certainly never brought; asked in memory, so that the deletions
    of a whole network cost nothing where next to none of them concerns us."""
    ids = np.array([post_id(source, each) for each in native_ids], np.uint64)
    with archive.write_lock:
        known: list[bool] = memory_of(archive).known.perhaps(ids).tolist()
    return known


@dataclass
class Memory:
    """What the writer remembers between batches, read from the archive at the first one."""

    terms: TermBook
    known: KnownIds
    copies: KnownKeys
    version: int

    def catch_up(self, archive: Archive) -> None:
        """Learn what another process wrote. What is gone may stay: it is only "perhaps" known."""
        since = archive.written(sql.POSTS_SINCE, {"version": self.version})
        self.known.add(since["id"].to_numpy())
        self.copies.add(pc.list_flatten(since["keys"]).to_numpy())
        last = archive.written(sql.LAST_VERSIONS, {})["post"][0].as_py() or 0
        self.version = max(self.version, int(last))


def memory_of(archive: Archive) -> Memory:
    """The writer's memory of this archive, made at the first call."""
    memory: Memory | None = archive.memory.get("ingest")
    if memory is None:
        known = KnownIds()
        months = archive.written(sql.MONTHS_OF_POSTS, {})["month"].to_pylist()
        for month in months:
            known.add(archive.written(sql.IDS_OF_MONTH, {"month": month})["id"].to_numpy())
        versions = archive.written(sql.LAST_VERSIONS, {})
        # One counter for the whole archive. It never goes back, so that a row which returns after
        # its deletion is newer than the deletion, whose version no FINAL query can see.
        version = int(versions["post"][0].as_py() or 0)
        memory = archive.memory["ingest"] = Memory(
            book_of(archive), known, KnownKeys(archive, months), version
        )
    return memory


def _incoming(
    messages: Sequence[Message],
    analysis: Analysis,
    origins: Sequence[Origin],
    batch: Batch,
    change: Change,
) -> Incoming:
    """The batch as topics look at it."""
    ids, moments = batch.ids.tolist(), batch.moments.tolist()
    rows = [(ids[row], moments[row], batch.upserts[row]) for row in change.rows]
    going = {row["id"]: int(row["at"]) for row in change.old}
    return Incoming(messages, analysis, origins, rows, going)


def _write(archive: Archive, memory: Memory, batch: Batch, change: Change, now: datetime) -> None:
    rows = np.array(change.rows, np.int64)
    table = batch.table.take(pa.array(rows))
    found, pointed = find_copies(archive, memory.copies, batch, change, table)
    ids = batch.ids[rows]
    memory.version += 1
    memory.known.add(ids)
    memory.copies.add(batch.copy_keys[rows].ravel())
    table = table.append_column(
        "original", pa.array([found[number] for number in ids.tolist()], pa.uint64())
    ).append_column("version", pa.array([memory.version] * len(rows), pa.uint32()))
    old = change.old + pointed
    with changing(archive, [*batch.moments[rows].tolist(), *(int(row["at"]) for row in old)]):
        # In this order a kill in between is healed by reading the batch again, which its reader
        # does: copies have their new first already, and a post that moves is missing for a
        # moment, never there twice.
        if pointed:
            point_elsewhere(archive, pointed, found, memory.version)
        _bury(archive, batch, change, memory.version, now)
        if len(rows):
            archive.insert("post", table)
        insert_delta(archive, table, old, pointed, found)


def _bury(archive: Archive, batch: Batch, change: Change, version: int, now: datetime) -> None:
    """Write the deletion of rows that are gone, or gone from the moment they were at."""
    now_at = dict(zip(batch.ids.tolist(), batch.moments.tolist(), strict=True))
    gone = [row for row in change.old if now_at.get(row["id"]) != row["at"]]
    if gone:
        archive.insert(
            "post",
            pa.table(
                {
                    "id": pa.array([row["id"] for row in gone], pa.uint64()),
                    "published_at": pa.array([row["at"] for row in gone], pa.int64()).cast(MOMENT),
                    "version": pa.array([version] * len(gone), pa.uint32()),
                    "is_deleted": pa.array([1] * len(gone), pa.uint8()),
                    # Where it was taken back and when we heard of it: `platform` reads these.
                    "source": pa.array([row["source"] for row in gone], pa.uint32()),
                    "collected_at": pa.array([milliseconds(now)] * len(gone), pa.int64()).cast(
                        MOMENT
                    ),
                }
            ),
        )


def insert_delta(
    archive: Archive,
    table: pa.Table,
    old: Sequence[Mapping[str, Any]],
    pointed: Sequence[Mapping[str, Any]],
    found: Mapping[int, int],
) -> None:
    """Tell the sums: minus what went (or changed place), plus what came."""
    plus = table.select(list(DELTA_COLUMNS))
    parts = [plus.append_column("sign", pa.array([1] * plus.num_rows, pa.int8()))]
    again = [{**row, "original": found[row["id"]]} for row in pointed]
    for sign, rows in ((-1, old), (1, again)):
        if rows:
            part = pa.table({name: _column(name, rows, plus.schema) for name in DELTA_COLUMNS})
            parts.append(part.append_column("sign", pa.array([sign] * len(rows), pa.int8())))
    archive.insert("delta", pa.concat_tables(parts), summed=True)


def _column(name: str, rows: Sequence[Mapping[str, Any]], schema: pa.Schema) -> pa.Array:
    if name == "published_at":
        return pa.array([row["at"] for row in rows], pa.int64()).cast(MOMENT)
    return pa.array([row[name] for row in rows], schema.field(name).type)


@contextmanager
def changing(archive: Archive, moments: Iterable[int]) -> Iterator[None]:
    """Posts of these moments and their sums are changed inside; a failure half-way is remembered
    and mended by the next one who writes, or at the next open."""
    days = np.unique(
        np.fromiter(moments, np.int64).astype("datetime64[ms]").astype("datetime64[M]")
    )
    months = [int(str(day).replace("-", "")) for day in days]
    rollups.unsettle(archive, months)
    try:
        yield
    except BaseException:
        rollups.mark_broken(archive, months)
        raise
