"""Writes answers over those of the analyser, as later versions of posts, so that the sums stay true."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pyarrow as pa

from openroads.archive import rollups
from openroads.archive.batch import DELTA_COLUMNS, MOMENT, milliseconds
from openroads.archive.client import Archive
from openroads.archive.comparing import by_key
from openroads.archive.ingest import changing, insert_delta, memory_of
from openroads.archive.queries import corrections as sql

AT_ONCE = 5_000
"""Posts per write."""


@dataclass(frozen=True)
class Correction:
    """What a post is, by a person or a model. What is left out stays as it is."""

    id: int
    published_at: datetime
    analyser: str
    """Who says so; stored with the post."""
    mood: int | None = None
    """1, 0, -1, or -128 for unknown."""
    kind: str = ""
    language: str = ""
    tone: float | None = None
    """By the word list of another language, when that is what is corrected; NaN where there is none."""


def correct(archive: Archive, corrections: Sequence[Correction]) -> int:
    """Write corrections; durable when this returns. Returns how many posts changed.

    Idempotent: a post that says so already is not written, one that is gone is passed over. Tone (by
    the word lists) stays unless the language changes, and so does the digest: the same file read again is still the same. A post
    whose text or figures change at its source is analysed anew and loses its correction; whoever
    keeps the corrections gives them again.
    """
    last = {correction.id: correction for correction in corrections}
    wanted = list(last.values())
    changed = 0
    for start in range(0, len(wanted), AT_ONCE):
        changed += _correct(archive, wanted[start : start + AT_ONCE])
    return changed


def _correct(archive: Archive, wanted: Sequence[Correction]) -> int:
    with archive.write_lock:
        rollups.mend(archive)
        table = _held(archive, wanted)
        rows = table.to_pylist()
        by_id = {correction.id: correction for correction in wanted}
        new = [_corrected(row, by_id[row["id"]]) for row in rows]
        places = [place for place, row in enumerate(rows) if _says(row) != _says(new[place])]
        if not places:
            return 0
        old, new = [rows[place] for place in places], [new[place] for place in places]
        memory = memory_of(archive)
        memory.version += 1
        moments = [int(row["at"]) for row in old]
        with changing(archive, moments):
            archive.command(
                sql.CORRECT,
                {
                    **by_key([row["id"] for row in old], moments),
                    "version": memory.version,
                    "moods": [row["mood"] for row in new],
                    "kinds": [row["kind"] for row in new],
                    "languages": [row["language"] for row in new],
                    "tones": [row["tone"] for row in new],
                    "analysers": [row["analyser"] for row in new],
                },
            )
            insert_delta(archive, _rows(new, table.schema), old, [], {})
        return len(places)


def _held(archive: Archive, wanted: Sequence[Correction]) -> pa.Table:
    """The rows as they are now, also of posts whose date was changed since."""
    keys = by_key([one.id for one in wanted], [milliseconds(one.published_at) for one in wanted])
    found = archive.written(sql.FULL_BY_KEY, keys)
    missing = set(keys["ids"]) - set(found["id"].to_pylist())
    if missing:
        moved = archive.written(sql.MOMENTS_BY_ID, {"ids": sorted(missing)}).to_pylist()
        if moved:
            keys = by_key([row["id"] for row in moved], [row["at"] for row in moved])
            found = pa.concat_tables([found, archive.written(sql.FULL_BY_KEY, keys)])
    return found


def _corrected(row: dict[str, Any], by: Correction) -> dict[str, Any]:
    new = dict(row)
    if by.mood is not None:
        new["mood"] = by.mood
    if by.kind:
        new["kind"] = by.kind
    if by.language:
        new["language"] = by.language
    if by.tone is not None:
        new["tone"] = by.tone
    new["analyser"] = by.analyser
    return new


def _says(row: dict[str, Any]) -> tuple[Any, ...]:
    """What a correction may change; no tone is no tone, which NaN itself does not say."""
    tone = row["tone"]
    known = None if tone != tone else tone
    return row["mood"], row["kind"], row["language"], row["analyser"], known


def _rows(rows: Sequence[dict[str, Any]], schema: pa.Schema) -> pa.Table:
    """Rows as the sums are told of them."""
    columns = {
        name: pa.array([row[name] for row in rows], schema.field(name).type)
        for name in DELTA_COLUMNS
        if name != "published_at"
    }
    moments = pa.array([row["at"] for row in rows], pa.int64()).cast(MOMENT)
    return pa.table({**columns, "published_at": moments})
