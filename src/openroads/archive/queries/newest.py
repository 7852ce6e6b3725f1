"""The newest posts of any choice: first where they stand, then what they say."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from openroads.archive.batch import milliseconds
from openroads.archive.client import Archive
from openroads.archive.queries.posts import (
    FOREVER_MS,
    LAST_ID,
    ONE_DAY,
    WRITTEN_IN_SCOPE,
    Place,
    Quote,
)
from openroads.archive.scope import Scope

# TRICKY: an aggregate finds the newest, not ORDER BY with LIMIT. That would order while it reads, which
# takes the engine two to four times as long as counting the same posts; this takes no longer. FOUND
# stands for the choice: a constant text of ours, whose values travel as parameters.
PLACES = """
SELECT fromUnixTimestamp64Milli(-place.1, 'UTC') AS published_at, toUInt64(-place.2) AS id
FROM (
    SELECT arrayJoin(groupArraySortedIf({limit:UInt32})(
        (-toUnixTimestamp64Milli(post.published_at), -toInt128(post.id)),
        (post.published_at, post.id) < (
            fromUnixTimestamp64Milli({before:Int64}, 'UTC'), {before_id:UInt64}))) AS place
    FROM post FINAL
    WHERE post.published_at >= toDateTime64({look_since:Date}, 3, 'UTC')
      AND post.published_at < toDateTime64({look_until:Date}, 3, 'UTC')
      AND (FOUND)
)
ORDER BY published_at DESC, id DESC
"""

# PREWHERE, which with FINAL has to be said: the engine then reads the texts of the posts that stand there
# only, not of their whole month (half the time where they are of many months). No version is overlooked,
# since all versions of a post stand at one place.
POSTS = """
SELECT id, published_at, source, network, voice, author_key, author, author_name, url, title, text,
       language, tone, mood, kind, words, likes, replies, reposts, views, rating, reply_to, thread,
       quotes, repost, original, brands, products, hashtags
FROM post FINAL
PREWHERE published_at >= toDateTime64({since:Date}, 3, 'UTC')
  AND published_at < toDateTime64({until:Date}, 3, 'UTC')
  AND published_at IN (SELECT fromUnixTimestamp64Milli(arrayJoin({moments:Array(Int64)}), 'UTC'))
  AND id IN {ids:Array(UInt64)}
ORDER BY published_at DESC, id DESC
"""

STRETCHES = (timedelta(days=3), timedelta(days=31), timedelta(days=93), timedelta(days=372))
"""How far a search for the newest looks at first, and then further back, before it looks at all."""


@dataclass(frozen=True)
class PlaceFound:
    """A post's moment and id."""

    published_at: datetime
    id: int

    @property
    def place(self) -> tuple[datetime, int]:
        """Where it stands in the list: hand it back as `before` to get what follows."""
        return self.published_at, self.id


def newest_places(
    archive: Archive,
    scope: Scope,
    found: str,
    params: Mapping[str, Any],
    *,
    before: Place = None,
    limit: int,
) -> list[PlaceFound]:
    """Where the newest posts of a choice stand; `before` is the `place` of the last one seen.

    `found` is the choice's condition, for all days of `scope`, and `params` its parameters.
    """
    moment, post = (milliseconds(before[0]), before[1]) if before else (FOREVER_MS, LAST_ID)
    until = min(scope.until, before[0].astimezone(UTC).date() + ONE_DAY) if before else scope.until
    sql = PLACES.replace("(FOUND)", f"({found})")
    places: list[PlaceFound] = []
    # A page is usually full after the last weeks; what was looked through is not looked at again.
    for stretch in (*STRETCHES, until - scope.since):
        since = max(scope.since, until - stretch)
        if since >= until:
            break
        page = {
            "look_since": since, "look_until": until, "before": moment, "before_id": post,
            "limit": limit - len(places),
        }  # fmt: skip
        places += archive.rows(PlaceFound, sql, {**params, **page})
        if len(places) == limit:
            break
        until = since
    return places


def places_in_scope(
    archive: Archive,
    scope: Scope,
    *,
    term: int = 0,
    before: Place = None,
    limit: int = 20,
    counted: bool = False,
) -> list[PlaceFound]:
    """Where the customers' newest posts in scope stand, without reposts; copies too, unless only what
    is `counted` is asked for; with a `term` those that use it."""
    params = {**scope.params(), "voice": "customer", "term": int(term), "counted": counted}
    return newest_places(archive, scope, WRITTEN_IN_SCOPE, params, before=before, limit=limit)


def quotes_at(archive: Archive, places: Sequence[PlaceFound]) -> list[Quote]:
    """What stands there, newest first; `places` newest first too."""
    if not places:
        return []
    wanted = {
        "since": places[-1].published_at.date(),
        "until": places[0].published_at.date() + ONE_DAY,
        "moments": [milliseconds(place.published_at) for place in places],
        "ids": [place.id for place in places],
    }
    return archive.rows(Quote, POSTS, wanted)


def quotes_in(archive: Archive, lists: Sequence[Sequence[PlaceFound]]) -> list[list[Quote]]:
    """What stands at the places of several lists, in their order, asked in one question."""
    places = sorted({each for one in lists for each in one}, key=lambda each: each.place)
    posts = {post.id: post for post in quotes_at(archive, places[::-1])}
    return [[posts[each.id] for each in one if each.id in posts] for one in lists]
