"""How much the archive holds, and since when: for the home page and the list of sources."""

from dataclasses import dataclass
from datetime import date

from openroads.archive.client import Archive
from openroads.archive.scope import COUNTED, IN_SCOPE, Scope

# Reposts and copies are posts somebody imported, so here they count.
KEPT = """
SELECT source, toInt64(sum(n)) AS posts, minIf(day, n > 0) AS first, maxIf(day, n > 0) AS last
FROM (
    SELECT source, day,
           sum(volume_day.posts + volume_day.reposts + volume_day.duplicates) AS n
    FROM volume_day WHERE brand = 0 AND product = 0 GROUP BY source, day
)
GROUP BY source HAVING posts > 0 ORDER BY source
"""

VOLUME_BY_DAY = """
SELECT day, toInt64(sum(volume_day.posts)) AS posts,
       toInt64(sumIf(volume_day.posts, mood = 1)) AS positive,
       toInt64(sumIf(volume_day.posts, mood = -1)) AS negative,
       toInt64(sumIf(volume_day.posts, mood = -128)) AS unknown,
       toInt64(sum(volume_day.words)) AS words, toInt64(sum(volume_day.reposts)) AS reposts,
       toInt64(sum(volume_day.duplicates)) AS duplicates,
       toInt64(sumIf(volume_day.posts, kind = 'question')) AS questions,
       toInt64(sumIf(volume_day.posts, kind = 'complaint')) AS complaints,
       toInt64(sumIf(volume_day.posts, kind = 'praise')) AS praise
FROM volume_day
WHERE day >= {since:Date} AND day < {until:Date} AND voice = {voice:String}
  AND brand = {brand:UInt16} AND product = {product:UInt16}
  AND (empty({languages:Array(String)}) OR has({languages:Array(String)}, language))
GROUP BY day HAVING posts + reposts + duplicates > 0 ORDER BY day
"""

VOLUME_BY_DAY_RAW = f"""
SELECT toDate(published_at) AS day, toInt64(countIf({COUNTED})) AS posts,
       toInt64(countIf({COUNTED} AND mood = 1)) AS positive,
       toInt64(countIf({COUNTED} AND mood = -1)) AS negative,
       toInt64(countIf({COUNTED} AND mood = -128)) AS unknown,
       toInt64(sumIf(post.words, {COUNTED})) AS words, toInt64(countIf(repost)) AS reposts,
       toInt64(countIf(NOT repost AND original != 0)) AS duplicates,
       toInt64(countIf({COUNTED} AND kind = 'question')) AS questions,
       toInt64(countIf({COUNTED} AND kind = 'complaint')) AS complaints,
       toInt64(countIf({COUNTED} AND kind = 'praise')) AS praise
FROM post FINAL WHERE {IN_SCOPE} AND voice = {{voice:String}}
GROUP BY day ORDER BY day
"""


@dataclass(frozen=True)
class Kept:
    """What the archive holds of one source: posts of every kind, first and last day."""

    source: int
    posts: int
    first: date
    last: date


@dataclass(frozen=True)
class VolumeOnDay:
    """One UTC day. `posts` leaves out reposts and copies; the kinds and moods are of `posts`."""

    day: date
    posts: int
    positive: int
    negative: int
    unknown: int
    words: int
    reposts: int
    duplicates: int
    questions: int
    complaints: int
    praise: int


def kept(archive: Archive) -> list[Kept]:
    """One row per source that has posts."""
    return archive.rows(Kept, KEPT, {})


def volume_by_day(archive: Archive, scope: Scope, voice: str = "customer") -> list[VolumeOnDay]:
    """One row for each day on which anything was said; quiet days are left out."""
    params = {**scope.summed(), "voice": voice}
    if len(scope.products) > 1 or (scope.products and not scope.brand):
        return archive.rows(VolumeOnDay, VOLUME_BY_DAY_RAW, params)
    return archive.rows(VolumeOnDay, VOLUME_BY_DAY, params)
