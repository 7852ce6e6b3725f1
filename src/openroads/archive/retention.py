"""Takes out the posts that are past the time their source keeps them, with all that was made of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from openroads.archive.batch import milliseconds
from openroads.archive.client import Archive
from openroads.archive.erase import Erased, clean_up_after
from openroads.archive.queries import old as sql
from openroads.archive.rollups import unsettle

Rules = Mapping[int, datetime]
"""For each source the moment before which nothing of it is kept. A source that is not there keeps
everything."""


@dataclass(frozen=True)
class OldPosts:
    """What one source has past its time: posts in any version, the first and the last day."""

    source: int
    posts: int
    first: date
    last: date


@dataclass(frozen=True)
class _Oldest:
    source: int
    first: date


def old_posts(archive: Archive, rules: Rules) -> list[OldPosts]:
    """What `erase_old` would take out, per source; changes nothing."""
    return archive.rows(OldPosts, sql.OLD_POSTS, _params(rules)) if rules else []


def oldest_days(archive: Archive) -> dict[int, date]:
    """The day of the oldest post of each source, reposts and copies included."""
    return {row.source: row.first for row in archive.rows(_Oldest, sql.OLDEST, {})}


def old_among(archive: Archive, rules: Rules, ids: Sequence[int]) -> list[int]:
    """Those of these posts that are past their time: for who keeps something by id."""
    if not rules or not ids:
        return []
    found: list[int] = archive.written(sql.OLD_AMONG, {**_params(rules), "ids": list(ids)})[
        "id"
    ].to_pylist()
    return found


def erase_old(archive: Archive, rules: Rules) -> Erased:
    """Erase every post past its time, in every version, from the files as well as from sight, with
    the words nobody else used and out of every topic; the sums of their months are made anew.

    A copy of an erased post that is kept longer elsewhere is from now on the first of its kind.
    Doing it again ends what was begun. Takes seconds to minutes: work for a job.
    """
    if not rules:
        return Erased(0, 0)
    with archive.write_lock:
        params = _params(rules)
        posts = sum(row["posts"] for row in archive.written(sql.OLD_POSTS, params).to_pylist())
        if not posts:
            return Erased(0, 0)
        months = [
            int(month) for month in archive.written(sql.OLD_MONTHS, params)["month"].to_pylist()
        ]
        unsettle(archive, months)
        archive.command(sql.ERASE_OLD_FILED, params)
        archive.command(sql.ERASE_OLD, params)
        return Erased(posts, clean_up_after(archive, months))


def _params(rules: Rules) -> dict[str, Any]:
    moments = [milliseconds(moment) for moment in rules.values()]
    return {"sources": list(rules), "moments": moments, "latest": max(moments)}
