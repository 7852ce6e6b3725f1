"""Reputation, counted: which brands of a set posts name, whose posts others answer and pass on, who was first."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from openroads.archive.client import Archive
from openroads.archive.queries.choice import SIEVED, Sieve, asked_of

NAMED = """
SELECT day, arraySort(arrayIntersect(brands, {set:Array(UInt16)})) AS named,
       toInt64(sum(sign)) AS posts,
       toInt64(sumIf(sign, mood = 1)) AS positive,
       toInt64(sumIf(sign, mood = -1)) AS negative,
       toInt64(sumIf(sign, mood = -128)) AS unknown
FROM (CHOSEN) WHERE hasAny(brands, {set:Array(UInt16)})
GROUP BY day, named HAVING posts > 0 ORDER BY day, named
"""

# What the network told of a post's replies and reposts; a post of which it told neither says nothing.
MAKERS = f"""
SELECT author_key, toInt64(count()) AS posts, toInt64(countIf(told)) AS told,
       sum(got) AS received, sum(got * got) AS squares, max(day) AS latest
FROM (
    SELECT author_key, toDate(published_at) AS day,
           isNotNull(post.replies) OR isNotNull(post.reposts) AS told,
           toFloat64(ifNull(post.replies, 0)) + ifNull(post.reposts, 0) AS got
    FROM post FINAL WHERE {SIEVED} AND author_key != 0 AND (CONDITION)
)
GROUP BY author_key HAVING posts >= {{least:UInt32}} ORDER BY author_key
"""

# Who reacted to whose post. A reply names the post it answers; a repost has the words of what it passes
# on, so it shares a fingerprint with it (see `analysis.duplicates`). The brand's own answers are no
# engagement, and nobody engages with themselves.
EDGES = f"""
SELECT engager, engaged, toInt64(count()) AS times
FROM (
    SELECT reaction.author_key AS engager, said.author_key AS engaged
    FROM (
        SELECT source, reply_to, author_key FROM post FINAL
        WHERE published_at >= toDateTime64({{since:Date}}, 3, 'UTC')
          AND published_at < toDateTime64({{until:Date}}, 3, 'UTC')
          AND voice = 'customer' AND reply_to != '' AND NOT repost AND author_key != 0
    ) AS reaction
    INNER JOIN (
        SELECT source, native_id, author_key FROM post FINAL
        WHERE {SIEVED} AND author_key != 0 AND (CONDITION)
    ) AS said ON reaction.source = said.source AND reaction.reply_to = said.native_id
    UNION ALL
    SELECT any(passing.author_key) AS engager, any(said.author_key) AS engaged
    FROM (
        SELECT id, published_at, author_key, arrayJoin(bands) AS band FROM post FINAL
        WHERE published_at >= toDateTime64({{since:Date}}, 3, 'UTC')
          AND published_at < toDateTime64({{until:Date}}, 3, 'UTC')
          AND voice = 'customer' AND repost AND author_key != 0
    ) AS passing
    INNER JOIN (
        SELECT id, published_at, author_key, arrayJoin(bands) AS band FROM post FINAL
        WHERE {SIEVED} AND author_key != 0 AND (CONDITION)
    ) AS said ON passing.band = said.band
    WHERE band != 0 AND said.published_at <= passing.published_at
    GROUP BY passing.id, said.id
)
WHERE engager != engaged GROUP BY engager, engaged ORDER BY engager, engaged
"""

WORD_DAYS = """
SELECT term, day, toInt64(sum(n)) AS posts
FROM (SELECT arrayJoin(terms) AS term, day, sign AS n FROM (CHOSEN))
WHERE term IN {wanted:Array(UInt32)} GROUP BY term, day HAVING posts > 0 ORDER BY term, day
"""

FIRST_USES = """
SELECT author_key, term, toInt64(sum(n)) AS posts, minIf(day, n > 0) AS first
FROM (
    SELECT author_key, arrayJoin(terms) AS term, day, sign AS n
    FROM (CHOSEN) WHERE author_key IN {keys:Array(UInt64)}
)
WHERE term IN {wanted:Array(UInt32)}
GROUP BY author_key, term HAVING posts > 0 ORDER BY author_key, term
"""


@dataclass(frozen=True)
class NamedRow:
    """Posts of one day that name exactly these brands of the set, by tone."""

    day: date
    named: list[int]
    posts: int
    positive: int
    negative: int
    unknown: int


@dataclass(frozen=True)
class MakerRow:
    """One author's posts, and the replies and reposts their network told of `told` of them: the sum,
    and the sum of squares per post."""

    author_key: int
    posts: int
    told: int
    received: float
    squares: float
    latest: date


@dataclass(frozen=True)
class Edges:
    """Who reacted to whom, and how often; one array per column."""

    engager: NDArray[np.uint64]
    engaged: NDArray[np.uint64]
    times: NDArray[np.int64]


@dataclass(frozen=True)
class WordDay:
    """Posts with a word on one day."""

    term: int
    day: date
    posts: int


@dataclass(frozen=True)
class FirstUse:
    """An author's posts with a word, and the day of the first."""

    author_key: int
    term: int
    posts: int
    first: date


def named_by_day(archive: Archive, sieve: Sieve, brands: Sequence[int]) -> list[NamedRow]:
    """Posts of a choice by day and by which of these brands they name; posts that name none are
    absent."""
    params = {**sieve.params(), "set": [int(brand) for brand in brands]}
    return archive.rows(NamedRow, asked_of(NAMED, sieve), params)


def makers(archive: Archive, sieve: Sieve, *, least: int) -> list[MakerRow]:
    """Authors with `least` posts or more in the choice; posts without an author are nobody's."""
    params = {**sieve.params(), "least": least}
    return archive.rows(MakerRow, _with(MAKERS, sieve), params)


def engagement_edges(archive: Archive, sieve: Sieve) -> Edges:
    """Who answered or passed on posts of the choice, in its own days; only what the archive holds."""
    found = archive.columns(_with(EDGES, sieve), sieve.params())
    return Edges(**found)


def days_of_words(archive: Archive, sieve: Sieve, terms: Sequence[int]) -> list[WordDay]:
    """How many posts of the choice use each of these words on each day."""
    return archive.rows(WordDay, asked_of(WORD_DAYS, sieve), _wanted(sieve, terms))


def first_uses(
    archive: Archive, sieve: Sieve, terms: Sequence[int], authors: Sequence[int]
) -> list[FirstUse]:
    """When each of these authors first used each of these words in the choice, and how often."""
    params = {**_wanted(sieve, terms), "keys": [int(key) for key in authors]}
    return archive.rows(FirstUse, asked_of(FIRST_USES, sieve), params)


def _wanted(sieve: Sieve, terms: Sequence[int]) -> dict[str, Any]:
    # Not "terms": that is what the choice itself asks for.
    return {**sieve.params(), "wanted": [int(term) for term in terms]}


def _with(text: str, sieve: Sieve) -> str:
    """The question with the choice's own condition in its place: constant texts only."""
    return text.replace("(CONDITION)", f"({sieve.condition.sql if sieve.condition else 'true'})")
