"""Around a post: its copies and reposts, what it answers or quotes, and who answered or quoted it."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime, timedelta

from openroads.archive.client import Archive
from openroads.archive.queries.choice import SIEVED, SUMMED, Sieve
from openroads.archive.queries.posts import ONE_DAY, Quote
from openroads.archive.scope import COUNTED
from openroads.archive.twins import DUPLICATE_DAYS

AFTER = timedelta(days=DUPLICATE_DAYS + 1)
"""A copy follows what it copies by no more."""
THREAD_DAYS = timedelta(days=365)
"""How far an answer is sought from what it answers."""

# A copy points at what it repeats. A repost does not: it is found by a fingerprint it shares.
PASSED_ON = """
    SELECT passing.id AS id, any(said.id) AS first FROM (
        SELECT id, published_at, arrayJoin(bands) AS band FROM post FINAL
        WHERE published_at >= toDateTime64({since:Date}, 3, 'UTC')
          AND published_at < toDateTime64({until:Date}, 3, 'UTC') AND repost
    ) AS passing
    INNER JOIN (
        SELECT id, published_at, arrayJoin(bands) AS band FROM post FINAL
        WHERE published_at >= toDateTime64({since:Date}, 3, 'UTC')
          AND published_at < toDateTime64({until:Date}, 3, 'UTC')
          AND id IN {ids:Array(UInt64)} AND NOT repost
    ) AS said ON passing.band = said.band
    WHERE band != 0 AND said.published_at <= passing.published_at GROUP BY passing.id
"""

ALIKE_COUNTS = f"""
SELECT first AS id, toInt64(sum(copy)) AS copies, toInt64(sum(1 - copy)) AS reposts
FROM (
    SELECT original AS first, 1 AS copy FROM post FINAL
    WHERE published_at >= toDateTime64({{since:Date}}, 3, 'UTC')
      AND published_at < toDateTime64({{until:Date}}, 3, 'UTC')
      AND original IN {{ids:Array(UInt64)}}
    UNION ALL
    SELECT first, 0 AS copy FROM ({PASSED_ON})
)
GROUP BY first ORDER BY id
"""

COPIES = f"""
SELECT toInt64(count()) AS posts FROM post FINAL
WHERE {SIEVED.replace(COUNTED, "NOT repost AND original != 0")} AND (CONDITION)
"""

COPIES_SUMMED = SUMMED.replace("volume_day.posts AS sign", "volume_day.duplicates AS sign")
COPIES_IN_SUMS = f"SELECT toInt64(sum(sign)) AS posts FROM ({COPIES_SUMMED})"

_QUOTE = """
SELECT id, published_at, source, network, voice, author_key, author, author_name, url, title, text,
       language, tone, mood, kind, words, likes, replies, reposts, views, rating, reply_to, thread,
       quotes, repost, original, brands, products, hashtags
FROM post FINAL
"""

ALIKE = f"""{_QUOTE}
WHERE published_at >= toDateTime64({{since:Date}}, 3, 'UTC')
  AND published_at < toDateTime64({{until:Date}}, 3, 'UTC')
  AND (original IN {{ids:Array(UInt64)}} OR id IN (SELECT id FROM ({PASSED_ON})))
ORDER BY repost, published_at, id LIMIT {{limit:UInt32}}
"""

FIRST = f"""{_QUOTE}
WHERE published_at >= toDateTime64({{since:Date}}, 3, 'UTC')
  AND published_at < toDateTime64({{until:Date}}, 3, 'UTC')
  AND (id = {{first:UInt64}} OR {{repost:Bool}} AND NOT repost AND original = 0 AND hasAny(bands, (
      SELECT arrayFilter(band -> band != 0, any(bands)) FROM post FINAL
      WHERE id = {{id:UInt64}}
        AND published_at >= toDateTime64({{since:Date}}, 3, 'UTC')
        AND published_at < toDateTime64({{until:Date}}, 3, 'UTC'))))
  AND id != {{id:UInt64}}
ORDER BY published_at, id LIMIT 1
"""

ANSWERED = f"""{_QUOTE}
WHERE published_at >= toDateTime64({{since:Date}}, 3, 'UTC')
  AND published_at < toDateTime64({{until:Date}}, 3, 'UTC')
  AND source = {{source:UInt32}} AND native_id = {{native:String}}
LIMIT 1
"""

ANSWERS = f"""{_QUOTE}
WHERE published_at >= toDateTime64({{since:Date}}, 3, 'UTC')
  AND published_at < toDateTime64({{until:Date}}, 3, 'UTC')
  AND source = {{source:UInt32}} AND reply_to != '' AND reply_to = (
      SELECT any(native_id) FROM post FINAL
      WHERE id = {{id:UInt64}}
        AND published_at >= toDateTime64({{since:Date}}, 3, 'UTC')
        AND published_at < toDateTime64({{until:Date}}, 3, 'UTC'))
ORDER BY published_at, id LIMIT {{limit:UInt32}}
"""

# By network, not by source: what is quoted may have come by another one. What came by two is there once.
QUOTED = f"""{_QUOTE.replace("quotes,", "quotes, native_id,")}
WHERE published_at >= toDateTime64({{since:Date}}, 3, 'UTC')
  AND published_at < toDateTime64({{until:Date}}, 3, 'UTC')
  AND (network, native_id) IN arrayZip({{networks:Array(String)}}, {{natives:Array(String)}})
ORDER BY repost, original, id LIMIT 1 BY network, native_id
"""

QUOTING = f"""{_QUOTE}
WHERE published_at >= toDateTime64({{since:Date}}, 3, 'UTC')
  AND published_at < toDateTime64({{until:Date}}, 3, 'UTC')
  AND NOT repost AND original = 0 AND network = {{network:String}} AND quotes != '' AND quotes = (
      SELECT any(native_id) FROM post FINAL
      WHERE id = {{id:UInt64}}
        AND published_at >= toDateTime64({{since:Date}}, 3, 'UTC')
        AND published_at < toDateTime64({{until:Date}}, 3, 'UTC'))
ORDER BY published_at, id LIMIT {{limit:UInt32}}
"""


@dataclass(frozen=True)
class _Held(Quote):
    """A post with what its network calls it."""

    native_id: str


@dataclass(frozen=True)
class AlikeCount:
    """How many posts repeat one, and how many pass it on."""

    id: int
    copies: int
    reposts: int


@dataclass(frozen=True)
class _Total:
    posts: int


def alike_counts(archive: Archive, posts: Sequence[Quote]) -> dict[int, AlikeCount]:
    """Copies and reposts of each of these posts; those without any are absent."""
    if not posts:
        return {}
    moments = [post.published_at for post in posts]
    params = {
        "since": min(moments).date(), "until": max(moments).date() + AFTER,
        "ids": [post.id for post in posts],
    }  # fmt: skip
    return {row.id: row for row in archive.rows(AlikeCount, ALIKE_COUNTS, params)}


def copies_in(archive: Archive, sieve: Sieve) -> int:
    """How many posts of a choice are left out of its figures because they repeat an earlier one."""
    if sieve.summed:
        sql, params = COPIES_IN_SUMS, {**sieve.params(), "product": sieve.product}
    else:
        asked = sieve.condition.sql if sieve.condition else "true"
        sql, params = COPIES.replace("(CONDITION)", f"({asked})"), sieve.params()
    return archive.rows(_Total, sql, params)[0].posts


def alike(archive: Archive, post: int, published_at: datetime, *, limit: int = 50) -> list[Quote]:
    """The copies of a post in order of time, then its reposts."""
    day = published_at.date()
    params = {"ids": [post], "since": day, "until": day + AFTER, "limit": limit}
    return archive.rows(Quote, ALIKE, params)


def first_of(archive: Archive, post: Quote) -> Quote | None:
    """The post one repeats or passes on; None where it is the first of its kind."""
    if not post.original and not post.repost:
        return None
    day = post.published_at.date()
    params = {
        "id": post.id, "first": post.original, "repost": post.repost,
        **_days(day - AFTER, day + ONE_DAY),
    }  # fmt: skip
    found = archive.rows(Quote, FIRST, params)
    return found[0] if found else None


def answered(archive: Archive, post: Quote) -> Quote | None:
    """What a post answers; None where it answers nothing or that is not held."""
    if not post.reply_to:
        return None
    day = post.published_at.date()
    params = {
        "source": post.source, "native": post.reply_to, **_days(day - THREAD_DAYS, day + ONE_DAY),
    }  # fmt: skip
    found = archive.rows(Quote, ANSWERED, params)
    return found[0] if found else None


def answers(archive: Archive, post: Quote, *, limit: int = 50) -> list[Quote]:
    """The answers to a post that are held, oldest first."""
    day = post.published_at.date()
    params = {
        "id": post.id, "source": post.source, "limit": limit, **_days(day, day + THREAD_DAYS),
    }  # fmt: skip
    return archive.rows(Quote, ANSWERS, params)


def quoted(archive: Archive, posts: Sequence[Quote]) -> dict[int, Quote]:
    """What each of these posts quotes, by the number of who quotes; absent where it quotes nothing or
    that is not held. Nothing is asked where none quotes."""
    quoting = [post for post in posts if post.quotes]
    if not quoting:
        return {}
    days = [post.published_at.date() for post in quoting]
    params = {
        "networks": [post.network for post in quoting], "natives": [post.quotes for post in quoting],
        **_days(min(days) - THREAD_DAYS, max(days) + ONE_DAY),
    }  # fmt: skip
    held = {(row.network, row.native_id): row for row in archive.rows(_Held, QUOTED, params)}
    found = {post.id: held.get((post.network, post.quotes)) for post in quoting}
    return {
        post: Quote(**{each.name: getattr(row, each.name) for each in fields(Quote)})
        for post, row in found.items()
        if row is not None and row.id != post
    }


def quoting(archive: Archive, post: Quote, *, limit: int = 50) -> list[Quote]:
    """The posts that quote one with words of their own, oldest first; reposts and copies are none."""
    day = post.published_at.date()
    params = {
        "id": post.id, "network": post.network, "limit": limit, **_days(day, day + THREAD_DAYS),
    }  # fmt: skip
    return archive.rows(Quote, QUOTING, params)


def _days(since: date, until: date) -> dict[str, date]:
    return {"since": since, "until": until}
