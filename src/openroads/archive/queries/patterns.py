"""Counts of many series over time, for finding what is louder than expected, and what is behind one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray

from openroads.archive.client import Archive
from openroads.archive.queries.choice import ASKED_OF_POST, OF_AUTHORS, Sieve, asked_of
from openroads.archive.scope import COUNTED, IN_SCOPE

ABOUT = """arrayJoin(arrayConcat(
        [(toUInt16(0), toUInt16(0))],
        arrayMap(b -> (b, toUInt16(0)), brands),
        arrayFlatten(arrayMap(b -> arrayMap(p -> (b, p), products), brands))))"""

IN_MOMENTS = """
    published_at >= fromUnixTimestamp64Milli({since_ms:Int64}, 'UTC')
    AND published_at < fromUnixTimestamp64Milli({until_ms:Int64}, 'UTC')
"""

DAYS_ABOUT = """
SELECT toUnixTimestamp(toDateTime(day, 'UTC')) AS at, brand, product, mood = -1 AS negative,
       kind = 'complaint' AS complaint, toInt64(sum(volume_day.posts)) AS posts
FROM volume_day
WHERE day >= {since:Date} AND day < {until:Date} AND voice = {voice:String}
  AND NOT has({without:Array(UInt32)}, source)
GROUP BY at, brand, product, negative, complaint HAVING posts > 0
"""

DAYS_OF_NETWORKS = """
SELECT toUnixTimestamp(toDateTime(day, 'UTC')) AS at, network,
       toInt64(sum(volume_day.posts)) AS posts
FROM volume_day
WHERE day >= {since:Date} AND day < {until:Date} AND voice = 'customer'
  AND brand = 0 AND product = 0 AND NOT has({without:Array(UInt32)}, source)
GROUP BY at, network HAVING posts > 0
"""

# The sums know days; by the hour the posts of the last weeks are counted one by one, narrow columns only.
HOURS_ABOUT = f"""
SELECT toUnixTimestamp(toStartOfHour(published_at)) AS at, about.1 AS brand, about.2 AS product,
       mood = -1 AS negative, kind = 'complaint' AS complaint, toInt64(count()) AS posts
FROM (
    SELECT published_at, mood, kind, {ABOUT} AS about FROM post FINAL
    WHERE {IN_MOMENTS} AND {COUNTED} AND voice = {{voice:String}}
      AND NOT has({{without:Array(UInt32)}}, source)
)
GROUP BY at, brand, product, negative, complaint
"""

HOURS_OF_NETWORKS = f"""
SELECT toUnixTimestamp(toStartOfHour(published_at)) AS at, network, toInt64(count()) AS posts
FROM post FINAL
WHERE {IN_MOMENTS} AND {COUNTED} AND voice = 'customer'
  AND NOT has({{without:Array(UInt32)}}, source)
GROUP BY at, network
"""

# Which of the last days' posts came in long after they were said.
LATE_ABOUT = f"""
SELECT toUnixTimestamp(toStartOfDay(published_at)) AS at, about.1 AS brand, about.2 AS product,
       mood = -1 AS negative, kind = 'complaint' AS complaint, toInt64(count()) AS posts
FROM (
    SELECT published_at, mood, kind, {ABOUT} AS about FROM post FINAL
    WHERE {IN_MOMENTS} AND {COUNTED} AND voice = {{voice:String}}
      AND NOT has({{without:Array(UInt32)}}, source)
      AND collected_at > published_at + toIntervalHour({{hours:UInt32}})
)
GROUP BY at, brand, product, negative, complaint
"""

LATE_OF_NETWORKS = f"""
SELECT toUnixTimestamp(toStartOfDay(published_at)) AS at, network, toInt64(count()) AS posts
FROM post FINAL
WHERE {IN_MOMENTS} AND {COUNTED} AND voice = 'customer'
  AND NOT has({{without:Array(UInt32)}}, source)
  AND collected_at > published_at + toIntervalHour({{hours:UInt32}})
GROUP BY at, network
"""

# The posts of all topics in one look: the few that are filed are the small side of the join.
OF_TOPICS = f"""
SELECT filed.version AS version,
       intDiv(toUnixTimestamp(post.published_at), {{step:UInt32}}) * {{step:UInt32}} AS at,
       toInt64(count()) AS posts,
       toInt64(countIf(post.collected_at > post.published_at + toIntervalHour({{hours:UInt32}}))) AS late
FROM post FINAL
INNER JOIN (
    SELECT version, published_at, id FROM topic_post FINAL
    WHERE version IN {{filings:Array(UInt32)}} AND {IN_MOMENTS}
) AS filed ON post.published_at = filed.published_at AND post.id = filed.id
WHERE post.published_at >= fromUnixTimestamp64Milli({{since_ms:Int64}}, 'UTC')
  AND post.published_at < fromUnixTimestamp64Milli({{until_ms:Int64}}, 'UTC')
  AND {COUNTED} AND voice = 'customer' AND NOT has({{without:Array(UInt32)}}, source)
  AND (post.published_at, post.id) IN (
    SELECT published_at, id FROM topic_post
    WHERE version IN {{filings:Array(UInt32)}} AND {IN_MOMENTS})
  AND (transform(filed.version, {{filings:Array(UInt32)}}, {{brands:Array(UInt16)}}, 0) = 0
       OR has(brands, transform(filed.version, {{filings:Array(UInt32)}}, {{brands:Array(UInt16)}}, 0)))
GROUP BY version, at
"""

SOURCES_BEGAN = """
SELECT source, network, min(day) AS first, max(day) AS last FROM volume_day
WHERE brand = 0 AND product = 0 AND voice = 'customer' AND volume_day.posts > 0
GROUP BY source, network ORDER BY source, network
"""

# Reposts and copies are counted nowhere else; here they say how far something was carried on.
CARRIED = f"""
SELECT toInt64(countIf({COUNTED})) AS posts, toInt64(countIf(repost)) AS reposts,
       toInt64(countIf(NOT repost AND original != 0)) AS copies
FROM post FINAL
WHERE {IN_SCOPE} AND {ASKED_OF_POST} AND {OF_AUTHORS}
  AND (empty({{terms:Array(UInt32)}}) OR hasAll(post.terms, {{terms:Array(UInt32)}}))
  AND (CONDITION)
"""

NETWORKS = """
SELECT network, toInt64(sum(sign)) AS posts FROM (CHOSEN)
GROUP BY network HAVING posts > 0 ORDER BY posts DESC, network
"""


@dataclass(frozen=True)
class About:
    """Posts per moment (seconds since 1970), brand and product (0: all), by whether they are negative
    and whether they complain."""

    at: NDArray[np.int64]
    brand: NDArray[np.int64]
    product: NDArray[np.int64]
    negative: NDArray[np.int64]
    complaint: NDArray[np.int64]
    posts: NDArray[np.int64]


@dataclass(frozen=True)
class OfNetworks:
    """Posts per moment and network."""

    at: NDArray[np.int64]
    network: Sequence[str]
    posts: NDArray[np.int64]


@dataclass(frozen=True)
class OfTopics:
    """Posts per moment and version of a topic; `late` of them came in long after they were said."""

    at: NDArray[np.int64]
    version: NDArray[np.int64]
    posts: NDArray[np.int64]
    late: NDArray[np.int64]


@dataclass(frozen=True)
class SourceBegan:
    """The first and last day of which a source brought posts of a network."""

    source: int
    network: str
    first: date
    last: date


@dataclass(frozen=True)
class Carried:
    """Posts, and how often these were passed on: reposts, and copies in nearly the same words."""

    posts: int
    reposts: int
    copies: int


@dataclass(frozen=True)
class NetworkPosts:
    """How many posts of a choice are on one network."""

    network: str
    posts: int


@dataclass(frozen=True)
class Stretch:
    """From one moment up to another, without the sources in `without`."""

    since: datetime
    until: datetime
    without: tuple[int, ...] = ()

    def params(self) -> dict[str, Any]:
        return {
            "since": self.since.date(),
            "until": self.until.date(),
            "since_ms": round(self.since.timestamp() * 1000),
            "until_ms": round(self.until.timestamp() * 1000),
            "without": list(self.without),
        }


def days_about(archive: Archive, stretch: Stretch, voice: str = "customer") -> About:
    """Posts a UTC day about everything, each brand and each product, from the sums."""
    return _about(archive, DAYS_ABOUT, {**stretch.params(), "voice": voice})


def hours_about(archive: Archive, stretch: Stretch) -> About:
    """The same by the hour, counted one by one: for some weeks, not for years."""
    return _about(archive, HOURS_ABOUT, {**stretch.params(), "voice": "customer"})


def late_about(archive: Archive, stretch: Stretch, hours: int) -> About:
    """Of some days, the posts that came in more than so many hours after they were said."""
    params = {**stretch.params(), "voice": "customer", "hours": hours}
    return _about(archive, LATE_ABOUT, params)


def days_of_networks(archive: Archive, stretch: Stretch) -> OfNetworks:
    """Posts a UTC day on each network."""
    return _networks(archive, DAYS_OF_NETWORKS, stretch.params())


def hours_of_networks(archive: Archive, stretch: Stretch) -> OfNetworks:
    """The same by the hour."""
    return _networks(archive, HOURS_OF_NETWORKS, stretch.params())


def late_of_networks(archive: Archive, stretch: Stretch, hours: int) -> OfNetworks:
    """Of some days, the posts on each network that came in late."""
    return _networks(archive, LATE_OF_NETWORKS, {**stretch.params(), "hours": hours})


def of_topics(
    archive: Archive, stretch: Stretch, brand_of: Mapping[int, int], *, step: int, late_hours: int
) -> OfTopics:
    """Customers' posts of versions of topics, per `step` seconds; `brand_of` names the versions, each
    with the brand its posts must be about (0: any)."""
    if not brand_of:
        nothing = np.zeros(0, np.int64)
        return OfTopics(nothing, nothing, nothing, nothing)
    params = {
        **stretch.params(),
        "filings": [int(version) for version in brand_of],
        "brands": [int(brand) for brand in brand_of.values()],
        "step": step,
        "hours": late_hours,
    }
    found = archive.columns(OF_TOPICS, params)
    return OfTopics(*(found[name].astype(np.int64) for name in ("at", "version", "posts", "late")))


def sources_began(archive: Archive) -> list[SourceBegan]:
    """Since when each source brings posts, network by network."""
    return archive.rows(SourceBegan, SOURCES_BEGAN, {})


def carried(archive: Archive, sieve: Sieve) -> Carried:
    """How far the posts of a choice were passed on."""
    condition = sieve.condition.sql if sieve.condition else "true"
    return archive.rows(Carried, CARRIED.replace("CONDITION", condition), sieve.params())[0]


def networks_of(archive: Archive, sieve: Sieve) -> list[NetworkPosts]:
    """The posts of a choice by network, most first."""
    return archive.rows(NetworkPosts, asked_of(NETWORKS, sieve), sieve.params())


def _about(archive: Archive, sql: str, params: Mapping[str, Any]) -> About:
    found = archive.columns(sql, params)
    names = ("at", "brand", "product", "negative", "complaint", "posts")
    return About(*(found[name].astype(np.int64) for name in names))


def _networks(archive: Archive, sql: str, params: Mapping[str, Any]) -> OfNetworks:
    found = archive.table(sql, params)
    return OfNetworks(
        np.asarray(found["at"].to_numpy(), np.int64),
        [str(name) for name in found["network"].to_pylist()],
        np.asarray(found["posts"].to_numpy(), np.int64),
    )
