"""Who asked to be erased and is not taken in again: kept as pseudonyms, asked at every ingest."""

from collections.abc import Sequence
from dataclasses import fields
from datetime import datetime
from typing import Any

import numpy as np

from openroads.analysis.pipeline import Analysis, in_order
from openroads.archive.batch import Origin, author_key, milliseconds
from openroads.archive.client import Archive
from openroads.archive.message import Message
from openroads.archive.queries import writing as sql


def keep_out(archive: Archive, keys: Sequence[int], *, now: datetime) -> None:
    """Never take in again what these authors say; durable when this returns."""
    with archive.write_lock:
        archive.command(sql.KEEP_OUT, {"keys": list(keys), "now": milliseconds(now)})
        _kept_out(archive).update(keys)


def let_in(archive: Archive, keys: Sequence[int]) -> None:
    """Take in again what these authors say from now on."""
    with archive.write_lock:
        archive.command(sql.LET_IN, {"keys": list(keys)})
        _kept_out(archive).difference_update(keys)


def without_erased(
    archive: Archive,
    messages: Sequence[Message],
    analysis: Analysis,
    origins: Sequence[Origin],
) -> tuple[Sequence[Message], Analysis, Sequence[Origin]]:
    """The messages of all others, with their analysis and where each comes from."""
    erased = _kept_out(archive)
    if not erased:
        return messages, analysis, origins
    keys: dict[tuple[str, str], int] = {}
    for message in messages:
        pair = (message.network, message.author)
        if pair not in keys:
            keys[pair] = author_key(*pair, archive.author_key)
    places = [
        place
        for place, message in enumerate(messages)
        if keys[message.network, message.author] not in erased
    ]
    if len(places) == len(messages):
        return messages, analysis, origins
    kept = only(analysis, places)
    return [messages[at] for at in places], kept, [origins[at] for at in places]


def only(analysis: Analysis, places: Sequence[int]) -> Analysis:
    """The analysis of some of the texts, in the order given."""
    starts = np.asarray(analysis.term_offsets, np.int64)
    lengths = [int(starts[place + 1] - starts[place]) for place in places]
    flat = [at for place in places for at in range(int(starts[place]), int(starts[place + 1]))]
    # What only the others say goes with them.
    forms, places_of_forms = in_order(np.asarray(analysis.term_forms)[np.array(flat, np.int64)])
    columns: dict[str, Any] = {
        "term_offsets": np.cumsum([0, *lengths]).astype(np.int64),
        "term_forms": places_of_forms,
        "form_keys": [analysis.form_keys[form] for form in forms],
        "form_shown": [analysis.form_shown[form] for form in forms],
    }
    for field in fields(Analysis):
        if field.name in columns:
            continue
        values = getattr(analysis, field.name)
        if isinstance(values, np.ndarray):
            columns[field.name] = values[np.asarray(places, np.int64)]
        else:
            columns[field.name] = [values[at] for at in places]
    return Analysis(**columns)


def _kept_out(archive: Archive) -> set[int]:
    """The writer's memory of the erased, read from the archive at the first call."""
    known: set[int] | None = archive.memory.get("erased")
    if known is None:
        found = archive.written(sql.ERASED_AUTHORS, {})["author_key"].to_pylist()
        known = archive.memory["erased"] = set(found)
    return known
