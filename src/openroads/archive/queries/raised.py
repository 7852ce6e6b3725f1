"""Who raised something: the posts of a choice as places with a key of their author, and who answered us."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from openroads.archive.client import Archive
from openroads.archive.queries.choice import SIEVED, Sieve

RAISED = f"""
SELECT post.id AS post, post.published_at AS published_at, post.source AS source,
       post.network AS network, post.language AS language, post.author_key AS author_key
FROM post FINAL
WHERE {SIEVED} AND (CONDITION)
ORDER BY published_at DESC, post DESC
LIMIT {{limit:UInt32}}
"""

# Where an answer goes: what a network needs to put it under the right post.
ADDRESSEES = """
SELECT id AS post, published_at, source, network, native_id, author, author_name, url, title, text,
       language, thread
FROM post FINAL
WHERE published_at >= toDateTime64({since:Date}, 3, 'UTC')
  AND published_at < toDateTime64({until:Date}, 3, 'UTC')
  AND id IN {ids:Array(UInt64)}
ORDER BY published_at DESC, id DESC
"""

ANSWERS = """
SELECT id AS post, published_at, source, author_key, reply_to, text, language
FROM post FINAL
WHERE published_at >= toDateTime64({since:Date}, 3, 'UTC')
  AND published_at < toDateTime64({until:Date}, 3, 'UTC')
  AND voice = 'customer' AND NOT repost AND reply_to IN {to:Array(String)}
ORDER BY published_at, id
"""


@dataclass(frozen=True)
class RaisedAt:
    """A post of a choice: where it stands and a key of who wrote it (0: nobody named)."""

    post: int
    published_at: datetime
    source: int
    network: str
    language: str
    author_key: int


@dataclass(frozen=True)
class Addressee:
    """A post with what is needed to answer it and to read it first."""

    post: int
    published_at: datetime
    source: int
    network: str
    native_id: str
    author: str
    author_name: str
    url: str
    title: str
    text: str
    language: str
    thread: str


@dataclass(frozen=True)
class Answer:
    """A post of somebody outside that answers one of ours (`reply_to` is the network's id of ours)."""

    post: int
    published_at: datetime
    source: int
    author_key: int
    reply_to: str
    text: str
    language: str


def raised_in(archive: Archive, sieve: Sieve, *, limit: int) -> list[RaisedAt]:
    """The newest posts of a choice."""
    sql = RAISED.replace("(CONDITION)", f"({sieve.condition.sql})" if sieve.condition else "(true)")
    return archive.rows(RaisedAt, sql, {**sieve.params(), "limit": limit})


def addressees(
    archive: Archive, ids: Sequence[int], since: date, until: date
) -> dict[int, Addressee]:
    """Posts by id, within days; those that are no more are absent."""
    if not ids:
        return {}
    wanted = {"ids": list(ids), "since": since, "until": until}
    return {row.post: row for row in archive.rows(Addressee, ADDRESSEES, wanted)}


def answers_to(archive: Archive, to: Sequence[str], since: date, until: date) -> list[Answer]:
    """What customers wrote in answer to posts of ours, oldest first."""
    if not to:
        return []
    return archive.rows(Answer, ANSWERS, {"to": list(to), "since": since, "until": until})
