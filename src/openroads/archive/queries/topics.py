"""Posts by topic: filing them version by version, and the condition that reads a topic's posts back."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from openroads.analysis.query.syntax import Node
from openroads.archive.client import Archive
from openroads.archive.queries.choice import Condition
from openroads.archive.queries.corrections import key_params
from openroads.archive.queries.explore import Figures
from openroads.archive.queries.search import condition
from openroads.archive.queries.writing import BY_KEY
from openroads.archive.scope import Scope

# Months with posts that a filing up to `since` has not seen; every version of a post, because the
# narrow column is all that is read, and one month too many is only looked through for nothing.
MONTHS_SINCE = """
SELECT toUInt32(toYYYYMM(published_at)) AS month, toInt64(count()) AS posts
FROM post WHERE version > {since:UInt32} GROUP BY month ORDER BY month DESC
"""

LAST_VERSION = "SELECT max(version) AS version FROM post"

# A post that is not found any more is written as taken out, if it was in. FOUND stands for the query.
FILE_MONTHS = """
INSERT INTO topic_post (topic, version, id, published_at, stamp, is_out)
SELECT {topic:UInt32}, {filed_as:UInt32}, post.id, post.published_at, post.version, NOT (FOUND)
FROM post FINAL
WHERE toYYYYMM(post.published_at) IN {months:Array(UInt32)} AND post.version > {since:UInt32}
  AND ((FOUND) OR ({since:UInt32} > 0 AND (post.published_at, post.id) IN (
      SELECT published_at, id FROM topic_post
      WHERE version = {filed_as:UInt32} AND toYYYYMM(published_at) IN {months:Array(UInt32)})))
"""

# One post at once, after somebody said something of it. TRICKY: a replicated table takes the same row once
# more for a repeated one and drops it; here it is meant, when what was taken out is put in again.
FILE_POSTS = f"""
INSERT INTO topic_post (topic, version, id, published_at, stamp, is_out)
SETTINGS insert_deduplicate = 0
SELECT {{topic:UInt32}}, {{filed_as:UInt32}}, post.id, post.published_at, post.version, NOT (FOUND)
FROM post FINAL
PREWHERE {BY_KEY}
WHERE ((FOUND) OR (post.published_at, post.id) IN (
      SELECT published_at, id FROM topic_post WHERE version = {{filed_as:UInt32}} AND {BY_KEY}))
"""

VERDICTS = f"SELECT id, (FOUND) AS is_found FROM post FINAL PREWHERE {BY_KEY} WHERE NOT repost"

# For posts whose date was changed since: found through the index on id.
VERDICTS_BY_ID = """
SELECT id, (FOUND) AS is_found FROM post FINAL WHERE id IN {ids:Array(UInt64)} AND NOT repost
"""

FILED_BY_KEY = f"""
SELECT topic, version, id, published_at FROM topic_post FINAL
WHERE version IN {{versions:Array(UInt32)}} AND {BY_KEY}
"""

TOPICS_OF_POSTS = f"""
SELECT id, arraySort(groupUniqArray(topic)) AS topics FROM topic_post FINAL WHERE {BY_KEY} GROUP BY id
"""

UNFILE = "ALTER TABLE topic_post DROP PARTITION {version:UInt32}"
ERASE_FILED = "DELETE FROM topic_post WHERE id IN {ids:Array(UInt64)}"
ERASE_FILED_OF_SOURCE = """
DELETE FROM topic_post WHERE id IN (SELECT id FROM post WHERE source = {source:UInt32})
"""
CLEAN_FILED = "ALTER TABLE topic_post APPLY DELETED MASK"
ERASE_FILED_BEFORE = """
DELETE FROM topic_post WHERE published_at < toDateTime64({day:Date}, 3, 'UTC')
"""

# Filed, and the post is gone: deleted at its network, or past its time.
GONE = """(published_at, id) NOT IN (
    SELECT published_at, id FROM post FINAL
    WHERE (published_at, id) IN (SELECT published_at, id FROM topic_post))"""

COUNT_GONE = f"SELECT toInt64(count()) AS posts FROM topic_post WHERE {GONE}"
ERASE_GONE = f"DELETE FROM topic_post WHERE {GONE}"

FILED = """(post.published_at, post.id) IN (
    SELECT published_at, id FROM topic_post FINAL
    WHERE version IN {filings:Array(UInt32)}
      AND published_at >= toDateTime64({since:Date}, 3, 'UTC')
      AND published_at < toDateTime64({until:Date}, 3, 'UTC'))"""
"""A part of a question about a scope, whose days keep the look-up narrow."""

FILED_VERSIONS = """
SELECT version, toInt64(count()) AS posts FROM topic_post FINAL GROUP BY version ORDER BY version
"""

FIGURES = """
    toInt64(countIf(original = 0)) AS posts,
    toInt64(countIf(original = 0 AND mood = 1)) AS positive,
    toInt64(countIf(original = 0 AND mood = -1)) AS negative,
    toInt64(countIf(original = 0 AND mood = -128)) AS unknown,
    toInt64(countIf(original = 0 AND kind = 'question')) AS questions,
    toInt64(countIf(original = 0 AND kind = 'complaint')) AS complaints,
    toInt64(countIf(original = 0 AND kind = 'praise')) AS praise,
    toInt64(countIf(original != 0)) AS copies
"""

# The posts of all topics in one look: the few that are filed are the small side of the join.
BY_WEEK = f"""
SELECT filed.version AS version, toMonday(post.published_at) AS week, {FIGURES}
FROM post FINAL
INNER JOIN (
    SELECT version, published_at, id FROM topic_post FINAL
    WHERE version IN {{filings:Array(UInt32)}}
      AND published_at >= toDateTime64({{since:Date}}, 3, 'UTC')
      AND published_at < toDateTime64({{until:Date}}, 3, 'UTC')
) AS filed ON post.published_at = filed.published_at AND post.id = filed.id
WHERE post.published_at >= toDateTime64({{since:Date}}, 3, 'UTC')
  AND post.published_at < toDateTime64({{until:Date}}, 3, 'UTC')
  AND NOT repost AND voice = 'customer'
  AND (post.published_at, post.id) IN (
    SELECT published_at, id FROM topic_post
    WHERE version IN {{filings:Array(UInt32)}}
      AND published_at >= toDateTime64({{since:Date}}, 3, 'UTC')
      AND published_at < toDateTime64({{until:Date}}, 3, 'UTC'))
  AND (transform(filed.version, {{filings:Array(UInt32)}}, {{brands:Array(UInt16)}}, 0) = 0
       OR has(brands, transform(filed.version, {{filings:Array(UInt32)}}, {{brands:Array(UInt16)}}, 0)))
GROUP BY version, week ORDER BY version, week
"""

DIFFERENT = """
SELECT toInt64(countIf(NOT is_filed AND is_found)) AS missing,
       toInt64(countIf(is_filed AND NOT is_found)) AS extra
FROM (
    SELECT (published_at, id) IN (
               SELECT published_at, id FROM topic_post FINAL WHERE version = {filed_as:UInt32})
           AS is_filed,
           (FOUND) AS is_found
    FROM post FINAL
)
"""


@dataclass(frozen=True)
class MonthToFile:
    """A month (as 202611) and about how many posts are to be looked through in it."""

    month: int
    posts: int


@dataclass(frozen=True)
class FiledVersion:
    """How many posts a version of a topic is filed with, whatever their voice, copies too."""

    version: int
    posts: int


@dataclass(frozen=True)
class TopicWeek(Figures):
    """Customers' posts of a topic in the week from Monday `week`, and the `copies` that are left out of
    these; weeks without either are absent."""

    version: int
    week: date
    copies: int


@dataclass(frozen=True)
class Different:
    """Posts a version finds and is not filed with, and the other way round: both 0 when right."""

    missing: int
    extra: int


@dataclass(frozen=True)
class _Verdict:
    id: int
    is_found: bool


@dataclass(frozen=True)
class _Last:
    version: int


def months_to_file(archive: Archive, since: int) -> list[MonthToFile]:
    """Months with posts written after the archive's version `since`, the latest first."""
    return archive.rows(MonthToFile, MONTHS_SINCE, {"since": since})


def last_version(archive: Archive) -> int:
    """The archive's version: that of the batch written last."""
    return archive.rows(_Last, LAST_VERSION, {})[0].version


def filed_posts(archive: Archive) -> dict[int, int]:
    """How many posts each version is filed with."""
    return {row.version: row.posts for row in archive.rows(FiledVersion, FILED_VERSIONS, {})}


def filings_of(
    archive: Archive, versions: Collection[int], keys: Sequence[tuple[int, datetime]]
) -> dict[int, set[int]]:
    """Under which of these versions each post (id, moment) is filed; posts under none are left out."""
    if not versions or not keys:
        return {}
    params = {**key_params(keys), "versions": sorted(versions)}
    rows = archive.table(FILED_BY_KEY, params)
    found: dict[int, set[int]] = {}
    for post, version in zip(rows["id"].to_pylist(), rows["version"].to_pylist(), strict=True):
        found.setdefault(post, set()).add(version)
    return found


@dataclass(frozen=True)
class _TopicsOfPost:
    id: int
    topics: list[int]


def topics_of_posts(archive: Archive, keys: Sequence[tuple[int, datetime]]) -> dict[int, list[int]]:
    """The topics each of these posts (id, moment) is filed under, in any version that is kept; posts under
    none are left out."""
    if not keys:
        return {}
    rows = archive.rows(_TopicsOfPost, TOPICS_OF_POSTS, key_params(keys))
    return {row.id: row.topics for row in rows}


def verdicts(
    archive: Archive, query: Node, keys: Sequence[tuple[int, datetime]]
) -> dict[int, bool]:
    """Whether a query finds each of these posts (id, moment); those that are gone, and reposts, which
    no topic is asked for, are left out. Some thousands at a time."""
    if not keys:
        return {}
    made = condition(query)
    found = f"({made.sql})"
    rows = archive.rows(
        _Verdict, VERDICTS.replace("(FOUND)", found), {**key_params(keys), **made.params}
    )
    told = {row.id: bool(row.is_found) for row in rows}
    if elsewhere := [post for post, _ in keys if post not in told]:
        params = {"ids": elsewhere, **made.params}
        rows = archive.rows(_Verdict, VERDICTS_BY_ID.replace("(FOUND)", found), params)
        told.update((row.id, bool(row.is_found)) for row in rows)
    return told


def filed(versions: Sequence[int]) -> Condition:
    """The condition on a post that any of these versions is filed with it."""
    return Condition(FILED, {"filings": [int(version) for version in versions]})


def topics_by_week(archive: Archive, scope: Scope, brand_of: Mapping[int, int]) -> list[TopicWeek]:
    """Customers' posts per version and week, reposts left out and copies counted apart. `brand_of` names the
    versions, each with the brand its posts must be about (0: any); of the scope the days count."""
    if not brand_of:
        return []
    asked = {
        "filings": [int(version) for version in brand_of],
        "brands": [int(brand) for brand in brand_of.values()],
        "since": scope.since,
        "until": scope.until,
    }
    return archive.rows(TopicWeek, BY_WEEK, asked)
