"""Files posts under topics: a batch as it comes in, and the archive month by month for a new version."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

import pyarrow as pa

from openroads.analysis.pipeline import Analysis
from openroads.analysis.query.matcher import Matcher, matcher
from openroads.analysis.query.syntax import Node
from openroads.archive.batch import MOMENT, Origin
from openroads.archive.client import Archive
from openroads.archive.matching import candidate
from openroads.archive.message import Message
from openroads.archive.queries import topics as sql
from openroads.archive.queries.choice import Condition
from openroads.archive.queries.corrections import key_params
from openroads.archive.queries.search import condition
from openroads.archive.queries.topics import Different


@dataclass(frozen=True)
class Standing:
    """A version of a topic under which posts are filed. Its query never changes; what people say of a
    post goes before it."""

    topic: int
    version: int
    query: Node
    put_in: frozenset[int] = frozenset()
    """Ids of posts that belong in the topic, whatever the query finds."""
    taken_out: frozenset[int] = frozenset()
    """Ids of posts that do not."""


@dataclass(frozen=True)
class Incoming:
    """A batch on its way in: `rows` are the posts that are new or changed (id, moment in
    milliseconds, place in the messages), `going` what they replace and what is deleted."""

    messages: Sequence[Message]
    analysis: Analysis
    origins: Sequence[Origin]
    rows: Sequence[tuple[int, int, int]]
    going: Mapping[int, int]


def file_batch(
    archive: Archive, standing: Sequence[Standing], batch: Incoming, *, stamp: int
) -> None:
    """File a batch before its posts are written under the archive's version `stamp`.

    Before, so that a kill in between is healed like the batch itself, by reading it again: a post
    that is filed and not there counts for nothing, one that is there and not filed would be missed.
    """
    if not standing:
        return
    found = [
        (topic, number, at, 0)
        for number, at, place in batch.rows
        for topic in _finding(standing, batch, number, place)
    ]
    rows = found + _taken_out(archive, standing, batch, {row[:3] for row in found})
    if rows:
        archive.insert("topic_post", _table(rows, stamp))


def file_posts(
    archive: Archive, standing: Sequence[Standing], keys: Sequence[tuple[int, datetime]]
) -> None:
    """File single posts (id, moment) anew, after somebody said what they are or where they belong;
    durable when this returns, and may be done again at any time."""
    if not keys:
        return
    for one in standing:
        found = found_by(one)
        params = {**found.params, **key_params(keys), "topic": one.topic, "filed_as": one.version}
        archive.command(sql.FILE_POSTS.replace("(FOUND)", f"({found.sql})"), params)


def file_months(archive: Archive, one: Standing, months: Sequence[int], *, since: int = 0) -> None:
    """File the posts of some months (as 202611) that were written after the archive's version `since`;
    durable when this returns, and may be done again at any time. The writer is held meanwhile."""
    found = found_by(one)
    params = {
        **found.params, "topic": one.topic, "filed_as": one.version, "months": list(months),
        "since": since,
    }  # fmt: skip
    archive.command(sql.FILE_MONTHS.replace("(FOUND)", f"({found.sql})"), params)


def unfile(archive: Archive, versions: Collection[int]) -> None:
    """Forget which posts these versions found."""
    for version in sorted(versions):
        archive.command(sql.UNFILE, {"version": version})


def forget_gone(archive: Archive) -> int:
    """Forget filed posts that are no longer in the archive; returns how many rows there were. They count
    for nothing meanwhile, so this may come later than what took the posts out."""
    with archive.write_lock:
        (gone,) = archive.written(sql.COUNT_GONE, {})["posts"].to_pylist()
        if gone:
            archive.command(sql.ERASE_GONE)
            archive.command(sql.CLEAN_FILED)
        return int(gone)


def different(archive: Archive, one: Standing) -> Different:
    """Ask every post of the archive anew and compare with how a version is filed. Reads everything:
    for tests and for who doubts."""
    found = found_by(one)
    text = sql.DIFFERENT.replace("(FOUND)", f"({found.sql})")
    return archive.rows(Different, text, {**found.params, "filed_as": one.version})[0]


def found_by(one: Standing, beside: Condition | None = None) -> Condition:
    """What the engine asks of a post that is to be filed; the same as `_finding` asks in Python.

    The parameters go along with those of the condition it is to stand `beside`; its SQL does not.
    """
    made = condition(one.query, Condition("true", beside.params) if beside else None)
    text, params = made.sql, made.params
    if one.taken_out:
        params[f"out{one.version}"] = sorted(one.taken_out)
        text = f"({text}) AND post.id NOT IN {{out{one.version}:Array(UInt64)}}"
    if one.put_in:
        params[f"in{one.version}"] = sorted(one.put_in)
        text = f"({text}) OR post.id IN {{in{one.version}:Array(UInt64)}}"
    return Condition(f"NOT post.repost AND ({text})", params)


def _finding(
    standing: Sequence[Standing], batch: Incoming, number: int, place: int
) -> list[Standing]:
    """The versions under which one post of the batch is filed. Reposts never are."""
    message = batch.messages[place]
    if message.repost:
        return []
    post = candidate(message, batch.analysis, place, batch.origins[place])
    return [
        one
        for one in standing
        if number in one.put_in or (number not in one.taken_out and _matcher(one.query)(post))
    ]


@lru_cache(maxsize=512)
def _matcher(query: Node) -> Matcher:
    return matcher(query)


def _taken_out(
    archive: Archive,
    standing: Sequence[Standing],
    batch: Incoming,
    found: set[tuple[Standing, int, int]],
) -> list[tuple[Standing, int, int, int]]:
    """Rows for posts that were filed and are not found there any more."""
    if not batch.going:
        return []
    known = {one.version: one for one in standing}
    times = sorted(set(batch.going.values()))
    held = archive.written(
        sql.FILED_BY_KEY,
        {
            "versions": sorted(known), "ids": list(batch.going), "moments": times,
            "first": times[0], "last": times[-1],
        },
    )  # fmt: skip
    places = zip(
        held["version"].to_pylist(),
        held["id"].to_pylist(),
        held["published_at"].cast(pa.int64()).to_pylist(),
        strict=True,
    )
    filed = ((known[version], number, at) for version, number, at in places)
    return [(*row, 1) for row in filed if row not in found]


def _table(rows: Sequence[tuple[Standing, int, int, int]], stamp: int) -> pa.Table:
    columns: dict[str, Any] = {
        "topic": pa.array([row[0].topic for row in rows], pa.uint32()),
        "version": pa.array([row[0].version for row in rows], pa.uint32()),
        "id": pa.array([row[1] for row in rows], pa.uint64()),
        "published_at": pa.array([row[2] for row in rows], pa.int64()).cast(MOMENT),
        "stamp": pa.array([stamp] * len(rows), pa.uint32()),
        "is_out": pa.array([row[3] for row in rows], pa.uint8()),
    }
    return pa.table(columns)
