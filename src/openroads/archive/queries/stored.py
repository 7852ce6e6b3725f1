"""SQL of looking kept posts up again at their source: which there are, month by month, and which are past their time."""

from dataclasses import dataclass
from datetime import datetime

from openroads.archive.batch import milliseconds
from openroads.archive.client import Archive

# Every version counts: what was replaced is older, so a month is at most looked at too early.
MONTHS_STORED = """
SELECT toInt64(toYYYYMM(published_at)) AS month, min(collected_at) AS oldest
FROM post WHERE source = {source:UInt32} AND is_deleted = 0
GROUP BY month ORDER BY month
"""

# One partition, from a place on, a portion at a time.
AFTER_PLACE = """
source = {source:UInt32} AND toYYYYMM(published_at) = {month:UInt32}
  AND (published_at, id) > (fromUnixTimestamp64Milli({after:Int64}, 'UTC'), {after_id:UInt64})
  AND collected_at < fromUnixTimestamp64Milli({before:Int64}, 'UTC')
"""

POSTS_STORED = f"""
SELECT id, published_at, native_id, network, url, title, reply_to, thread, quotes, likes, replies, reposts,
       views, rating
FROM post FINAL WHERE {AFTER_PLACE}
ORDER BY published_at, id LIMIT {{limit:UInt32}}
"""

IDS_STORED = f"""
SELECT id FROM post FINAL WHERE {AFTER_PLACE} ORDER BY published_at, id LIMIT {{limit:UInt32}}
"""

NAMED_STORED = f"""
SELECT id FROM post FINAL WHERE {AFTER_PLACE} AND (author != '' OR author_name != '')
ORDER BY published_at, id LIMIT {{limit:UInt32}}
"""

# A post whose date moved has a deletion too, of the same version as the row that stands elsewhere.
DELETED = """
SELECT id FROM post WHERE id IN (SELECT id FROM post WHERE is_deleted = 1)
GROUP BY id HAVING maxIf(version, is_deleted = 0) < maxIf(version, is_deleted = 1)
  AND countIf(is_deleted = 0) > 0
ORDER BY id LIMIT {limit:UInt32}
"""

# The pseudonym stays, so that who asks to be erased is found; without a digest the same post read
# again is looked at anew.
WITHOUT_NAMES = """
INSERT INTO post
SELECT * REPLACE ('' AS author, '' AS author_name, toUInt64(0) AS digest, {version:UInt32} AS version)
FROM post FINAL WHERE id IN {ids:Array(UInt64)}
"""

MOST = 50_000
"""Ids in one answer."""


@dataclass(frozen=True)
class StoredMonth:
    """A month of publication (as 202611) in which a source has posts, and when the first of them was
    collected."""

    month: int
    oldest: datetime


@dataclass(frozen=True)
class StoredPost:
    """A kept post: its place, its id at the network, and what a second look may not tell again."""

    id: int
    published_at: datetime
    native_id: str
    network: str
    url: str
    title: str
    reply_to: str
    thread: str
    quotes: str
    likes: int | None
    replies: int | None
    reposts: int | None
    views: int | None
    rating: float | None


@dataclass(frozen=True)
class Place:
    """Where in a month: after this moment (milliseconds) and id."""

    after: int = 0
    after_id: int = 0


@dataclass(frozen=True)
class _Id:
    id: int


def stored_months(archive: Archive, source: int) -> list[StoredMonth]:
    """The months in which a source has posts, the earliest first."""
    return archive.rows(StoredMonth, MONTHS_STORED, {"source": source})


def stored_posts(
    archive: Archive, source: int, month: int, place: Place, before: datetime, limit: int
) -> list[StoredPost]:
    """Posts of a month after a place that were collected before a moment, in the order of their places."""
    params = _after(source, month, place, before)
    return archive.rows(StoredPost, POSTS_STORED, {**params, "limit": limit})


def stored_ids(
    archive: Archive, source: int, month: int, place: Place, before: datetime
) -> list[int]:
    """The same, their ids alone, so many at most as go into one question."""
    params = _after(source, month, place, before)
    return [row.id for row in archive.rows(_Id, IDS_STORED, {**params, "limit": MOST})]


def named_ids(
    archive: Archive, source: int, month: int, place: Place, before: datetime
) -> list[int]:
    """Those of them that name an author."""
    params = _after(source, month, place, before)
    return [row.id for row in archive.rows(_Id, NAMED_STORED, {**params, "limit": MOST})]


def deleted_ids(archive: Archive) -> list[int]:
    """Posts that are deleted and whose words are still in the files."""
    return [row.id for row in archive.rows(_Id, DELETED, {"limit": MOST})]


def _after(source: int, month: int, place: Place, before: datetime) -> dict[str, int]:
    return {
        "source": source, "month": month, "after": place.after, "after_id": place.after_id,
        "before": milliseconds(before),
    }  # fmt: skip
