"""Compares a batch with what the archive holds of its posts: what is new, changed or gone."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from openroads.archive.batch import Batch
from openroads.archive.client import Archive
from openroads.archive.known import KnownIds
from openroads.archive.queries import writing as sql


@dataclass
class Change:
    """What a batch changes: places of rows to write, and the rows they replace or remove."""

    rows: list[int]
    changed: set[int]
    """Ids among the rows that replace an older row."""
    deleted: set[int]
    old: list[dict[str, Any]] = field(default_factory=list)
    """The rows that go, whole: id, at, the columns of the sums and the keys of copies."""


def compare(archive: Archive, known: KnownIds, batch: Batch) -> Change:
    """Which rows are new, changed or gone, asked only for ids that may be known."""
    ids = np.concatenate((batch.ids, np.fromiter(batch.deletions, np.uint64)))
    moments = np.concatenate((batch.moments, np.fromiter(batch.deletions.values(), np.int64)))
    perhaps = known.perhaps(ids)
    held = _held(archive, ids[perhaps], moments[perhaps])
    rows, changed, going = [], set(), {}
    for place, (number, moment, digest) in enumerate(
        zip(batch.ids.tolist(), batch.moments.tolist(), batch.digests.tolist(), strict=True)
    ):
        before = held.get(number)
        if before == (moment, digest):
            continue
        rows.append(place)
        if before is not None:
            changed.add(number)
            going[number] = before[0]
    deleted = {number for number in batch.deletions if number in held}
    going.update((number, held[number][0]) for number in deleted)
    return Change(rows, changed, deleted, full_rows(archive, going))


def _held(
    archive: Archive, ids: NDArray[np.uint64], moments: NDArray[np.int64]
) -> dict[int, tuple[int, int]]:
    """What the archive holds now of these ids: moment and digest."""
    if not len(ids):
        return {}
    found = _pairs(archive.written(sql.HELD_BY_KEY, by_key(ids, moments)))
    # Whoever is not where the message says may have had another date: then the id is sought
    # everywhere. This is rare, so it may cost more.
    elsewhere = [number for number in ids.tolist() if number not in found]
    if elsewhere:
        found.update(_pairs(archive.written(sql.HELD_BY_ID, {"ids": elsewhere})))
    return found


def _pairs(table: pa.Table) -> dict[int, tuple[int, int]]:
    rows = zip(*(table[name].to_pylist() for name in ("id", "at", "digest")), strict=True)
    return {number: (at, digest) for number, at, digest in rows}


def by_key(
    ids: NDArray[np.uint64] | Iterable[int], moments: NDArray[np.int64] | Iterable[int]
) -> dict[str, Any]:
    """Parameters of a look-up by moment and id, which reads only where the rows are."""
    times = sorted({int(moment) for moment in moments})
    return {
        "ids": [int(number) for number in ids],
        "moments": times,
        "first": times[0],
        "last": times[-1],
    }


def full_rows(archive: Archive, going: Mapping[int, int]) -> list[dict[str, Any]]:
    """The rows of these ids, whole, where they still are at the moment named: see `Change.old`."""
    if not going:
        return []
    rows = archive.written(sql.FULL_BY_KEY, by_key(going.keys(), going.values())).to_pylist()
    return [row for row in rows if going[row["id"]] == row["at"]]
