"""Finds who repeats whom after a batch, among its rows and those that are there already."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from openroads.archive.batch import Batch
from openroads.archive.client import Archive
from openroads.archive.comparing import Change, by_key, full_rows
from openroads.archive.known import KnownKeys
from openroads.archive.queries import writing as sql
from openroads.archive.twins import WINDOW_MS, Candidate, keys_of, originals, sharing

MOST_KEYS = 50_000
"""Keys of copies looked up in one question."""


def find_copies(
    archive: Archive, known: KnownKeys, batch: Batch, change: Change, table: pa.Table
) -> tuple[dict[int, int], list[dict[str, Any]]]:
    """Who repeats whom after this batch: id to the post it repeats (0: nobody), for the rows of the
    batch; and the rows already there that must now point at another post."""
    rows = np.array(change.rows, np.int64)
    found = dict.fromkeys(batch.ids[rows].tolist(), 0)
    leaving = [_candidate(row) for row in change.old if not row["repost"]]
    overruled = change.changed | change.deleted
    moments = [*batch.moments[rows].tolist(), *(one.at for one in leaving)]
    first, last = min(moments, default=0) - WINDOW_MS, max(moments, default=0) + WINDOW_MS
    keys = set(known.perhaps(np.unique(batch.copy_keys[rows]), first, last).tolist())
    keys = keys.union(*(one.keys for one in leaving))
    there: dict[int, Candidate] = {}
    for some in _in_portions(sorted(keys)):
        params = {"keys": some, "first": first, "last": last}
        there.update(_candidates(archive, sql.TWINS, params, overruled))
    coming = _coming(batch, rows, table["voice"].to_pylist(), there)
    sorted_out, everyone = _sort_out(coming, there, overruled)
    # Copies of a post that is no longer the first of its kind look for another one.
    unseated = [one for one in leaving if not one.original] + [
        one for one in there.values() if not one.original and sorted_out[one.id]
    ]
    if unseated:
        moments = [one.at for one in unseated]
        more = _candidates(
            archive,
            sql.COPIES_OF,
            {
                "ids": [one.id for one in unseated],
                "first": min(moments),
                "last": max(moments) + WINDOW_MS,
            },
            overruled,
        )
        sorted_out, everyone = _sort_out(coming, {**more, **there}, overruled)
    found.update(sorted_out)
    moved = {one.id: one.at for one in everyone if (one.original or 0) != found[one.id]}
    return found, full_rows(archive, moved)


def _in_portions(keys: list[int]) -> Iterator[list[int]]:
    """TRICKY: the engine takes a minute instead of a blink over more than 131,072 keys at once."""
    for start in range(0, len(keys), MOST_KEYS):
        yield keys[start : start + MOST_KEYS]


def _coming(
    batch: Batch, rows: NDArray[np.int64], voices: Sequence[str], there: Mapping[int, Candidate]
) -> list[Candidate]:
    """The rows of the batch that may have, or be, a copy."""
    elsewhere = {key for one in there.values() for key in one.keys}
    return [
        Candidate(
            int(batch.ids[rows[place]]),
            int(batch.moments[rows[place]]),
            voices[place] == "customer",
            frozenset(batch.copy_keys[rows[place]].tolist()) - {0},
        )
        for place in sharing(batch.copy_keys[rows], elsewhere).tolist()
    ]


def _sort_out(
    coming: Sequence[Candidate], there: Mapping[int, Candidate], overruled: set[int]
) -> tuple[dict[int, int], list[Candidate]]:
    everyone = list(there.values())
    # A copy of a post that is leaving or changing chooses again, as if it were new.
    free = [
        Candidate(one.id, one.at, one.customer, one.keys) if one.original in overruled else one
        for one in everyone
    ]
    return originals([*coming, *free]), everyone


def _candidate(row: Mapping[str, Any]) -> Candidate:
    same_key, bands, words = row["same_key"], row["bands"], row["words"]
    return Candidate(
        row["id"], row["at"], row["voice"] == "customer", keys_of(same_key, bands, words),
        row["original"],
    )  # fmt: skip


def _candidates(
    archive: Archive, text: str, params: Mapping[str, Any], overruled: set[int]
) -> dict[int, Candidate]:
    rows = archive.written(text, params).to_pylist()
    return {row["id"]: _candidate(row) for row in rows if row["id"] not in overruled}


def point_elsewhere(
    archive: Archive, rows: Sequence[Mapping[str, Any]], found: Mapping[int, int], version: int
) -> None:
    """Write a later version of rows that now repeat another post, or none."""
    params = by_key((row["id"] for row in rows), (row["at"] for row in rows))
    params["originals"] = [found[row["id"]] for row in rows]
    archive.command(sql.POINT_ELSEWHERE, {**params, "version": version})
