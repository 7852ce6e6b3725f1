"""What an inbox asks of the archive: what was collected lately, posts by their places, who wrote them."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime, timedelta

from openroads.analysis.query.matcher import Post
from openroads.archive.batch import milliseconds
from openroads.archive.client import Archive
from openroads.archive.queries.posts import ONE_DAY, Quote

COLUMNS = """
SELECT id, published_at, source, network, voice, author_key, author, author_name, url, title, text,
       language, tone, mood, kind, words, likes, replies, reposts, views, rating, reply_to, thread,
       quotes, repost, original, brands, products, hashtags, native_id, mentions, emoji, collected_at,
       proven
FROM post FINAL
"""

COLLECTED = f"""{COLUMNS}
WHERE published_at >= toDateTime64({{since:Date}}, 3, 'UTC')
  AND published_at < toDateTime64({{until:Date}}, 3, 'UTC')
  AND NOT repost
  AND (collected_at, id) > (
      fromUnixTimestamp64Milli({{after:Int64}}, 'UTC'), {{after_id:UInt64}})
ORDER BY collected_at, id LIMIT {{limit:UInt32}}
"""

BY_PLACE = f"""{COLUMNS}
WHERE published_at >= toDateTime64({{since:Date}}, 3, 'UTC')
  AND published_at < toDateTime64({{until:Date}}, 3, 'UTC')
  AND published_at IN (SELECT fromUnixTimestamp64Milli(arrayJoin({{moments:Array(Int64)}}), 'UTC'))
  AND id IN {{ids:Array(UInt64)}}
"""

# What a list shows of a post: half the time of all there is of it.
WORDS_BY_PLACE = """
SELECT id, author, author_name, title, text, language, proven
FROM post FINAL
WHERE published_at >= toDateTime64({since:Date}, 3, 'UTC')
  AND published_at < toDateTime64({until:Date}, 3, 'UTC')
  AND published_at IN (SELECT fromUnixTimestamp64Milli(arrayJoin({moments:Array(Int64)}), 'UTC'))
  AND id IN {ids:Array(UInt64)}
"""

# Everything said in a thread, whoever said it; by network, because two sources may bring one thread.
IN_THREAD = f"""{COLUMNS}
WHERE published_at >= toDateTime64({{since:Date}}, 3, 'UTC')
  AND published_at < toDateTime64({{until:Date}}, 3, 'UTC')
  AND network = {{network:String}} AND NOT repost
  AND (thread = {{thread:String}} OR native_id = {{thread:String}} OR reply_to = {{thread:String}})
ORDER BY published_at, id LIMIT {{limit:UInt32}}
"""

BY_AUTHORS = f"""{COLUMNS}
WHERE published_at >= toDateTime64({{since:Date}}, 3, 'UTC')
  AND published_at < toDateTime64({{until:Date}}, 3, 'UTC')
  AND author_key IN {{authors:Array(UInt64)}} AND NOT repost
ORDER BY published_at DESC, id DESC LIMIT {{limit:UInt32}} BY author_key
"""

THREAD_DAYS = timedelta(days=365)


@dataclass(frozen=True)
class Said:
    """Who said what, in which language, and whether its author was proven to be who they say."""

    id: int
    author: str
    author_name: str
    title: str
    text: str
    language: str
    proven: bool | None


@dataclass(frozen=True)
class Collected(Quote):
    """A post with what its network calls it, whom it names, and when it came in."""

    native_id: str
    mentions: list[str]
    emoji: list[str]
    collected_at: datetime
    proven: bool | None = None
    """Whether its author was proven to be who they say, or shown not to be; None: nobody says."""

    @property
    def asked(self) -> Post:
        """The post as a query sees it."""
        return Post(
            **{
                each.name: getattr(self, each.name)
                for each in fields(Post)
                if hasattr(self, each.name)
            }
        )

    @property
    def thread_key(self) -> str:
        """The native id of what its thread begins with, as far as the network told it."""
        return self.thread or self.reply_to or self.native_id


def collected_after(
    archive: Archive, moment: datetime, post: int, *, since: date, until: date, limit: int
) -> list[Collected]:
    """What came in after a moment (and, at that moment, after a post), in the order it came; reposts are
    left out. Of a post that came again, edited, the last version, as newly come. Bound by the days on
    which it was said: `since` up to and without `until`."""
    params = {
        "after": milliseconds(moment), "after_id": post, "since": since, "until": until, "limit": limit,
    }  # fmt: skip
    return archive.rows(Collected, COLLECTED, params)


Place = tuple[datetime, int]
"""When a post was said, and its id."""


def posts_at(archive: Archive, places: Sequence[Place]) -> dict[int, Collected]:
    """Those of these posts that are still held."""
    if not places:
        return {}
    return {row.id: row for row in archive.rows(Collected, BY_PLACE, _at(places))}


def words_at(archive: Archive, places: Sequence[Place]) -> dict[int, Said]:
    """Of those of these posts that are still held, what a list shows."""
    if not places:
        return {}
    return {row.id: row for row in archive.rows(Said, WORDS_BY_PLACE, _at(places))}


def _at(places: Sequence[Place]) -> dict[str, object]:
    days = [moment.date() for moment, _post in places]
    return {
        "since": min(days), "until": max(days) + ONE_DAY,
        "moments": [milliseconds(moment) for moment, _post in places],
        "ids": [post for _moment, post in places],
    }  # fmt: skip


def in_thread(
    archive: Archive, network: str, thread: str, around: date, *, limit: int = 100
) -> list[Collected]:
    """Everything held of a thread, oldest first, within a year of a day."""
    params = {
        "network": network, "thread": thread, "limit": limit,
        "since": around - THREAD_DAYS, "until": around + THREAD_DAYS,
    }  # fmt: skip
    return archive.rows(Collected, IN_THREAD, params)


def latest_of_authors(
    archive: Archive, authors: Sequence[int], *, since: date, until: date, each: int = 1
) -> list[Collected]:
    """The newest posts of each of these authors, `each` of them at most."""
    if not authors:
        return []
    params = {"authors": list(authors), "since": since, "until": until, "limit": each}
    return archive.rows(Collected, BY_AUTHORS, params)
