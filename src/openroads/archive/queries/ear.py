"""How posts come in per source: how many a day, when the last ones were said, and how long after that
they were here."""

from dataclasses import dataclass
from datetime import date

from openroads.archive.client import Archive

# Reposts and copies are posts that came in, so here they count.
POSTS_BY_SOURCE = """
SELECT source,
       toInt64(sumIf(n, day >= {lately:Date})) AS lately,
       toInt64(sumIf(n, day < {lately:Date})) AS before,
       minIf(day, n > 0) AS first
FROM (
    SELECT source, day,
           sum(volume_day.posts + volume_day.reposts + volume_day.duplicates) AS n
    FROM volume_day
    WHERE day >= {since:Date} AND day < {until:Date} AND brand = 0 AND product = 0
    GROUP BY source, day
)
GROUP BY source HAVING lately + before > 0 ORDER BY source
"""

# Versions of one post have one moment, so that a moment counts once and nothing need be merged first.
ARRIVALS = """
SELECT source, arrayMap(m -> -m, groupArraySorted({most:UInt32})(-moment)) AS moments,
       toInt64(if(countIf(is_lately) = 0, -1, quantileExactIf(0.5)(took, is_lately))) AS lag
FROM (
    SELECT source, toUnixTimestamp(toDateTime(published_at, 'UTC')) AS moment,
           published_at >= toDateTime64({lately:Date}, 3, 'UTC') AS is_lately,
           min(dateDiff('second', published_at, collected_at)) AS took
    FROM post
    WHERE published_at >= toDateTime64({since:Date}, 3, 'UTC')
      AND published_at < toDateTime64({until:Date}, 3, 'UTC') AND NOT is_deleted
    GROUP BY source, moment, is_lately
)
GROUP BY source ORDER BY source
"""


@dataclass(frozen=True)
class SourceVolume:
    """Posts of one source in the days from `lately`, in the days before, and the first of all those days
    with any."""

    source: int
    lately: int
    before: int
    first: date


@dataclass(frozen=True)
class Arrivals:
    """The last moments at which something was said at a source, newest first, in Unix seconds; and how
    many seconds later half of the posts of the days from `lately` were here (-1: there are none)."""

    source: int
    moments: list[int]
    lag: int


def posts_by_source(archive: Archive, since: date, lately: date, until: date) -> list[SourceVolume]:
    """How many posts each source brought of the days since `lately` and of those before; `until` is out."""
    params = {"since": since, "lately": lately, "until": until}
    return archive.rows(SourceVolume, POSTS_BY_SOURCE, params)


def arrivals(archive: Archive, since: date, lately: date, until: date, most: int) -> list[Arrivals]:
    """The last `most` moments of each source within these days; `until` is out."""
    params = {"since": since, "lately": lately, "until": until, "most": most}
    return archive.rows(Arrivals, ARRIVALS, params)
