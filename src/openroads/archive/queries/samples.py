"""A few posts that stand for a choice: those others reacted to most. Always within days."""

from openroads.archive.client import Archive
from openroads.archive.queries.choice import SIEVED, Sieve
from openroads.archive.queries.newest import PlaceFound, quotes_at
from openroads.archive.queries.posts import Quote

# What a network did not tell is no reaction here; a post of which nothing was told is never among them.
MOST_REACTED = f"""
SELECT post.published_at AS published_at, post.id AS id
FROM post FINAL
WHERE {SIEVED} AND (CONDITION)
  AND (isNotNull(post.likes) OR isNotNull(post.replies) OR isNotNull(post.reposts))
ORDER BY toUInt64(ifNull(post.likes, 0)) + ifNull(post.replies, 0) + ifNull(post.reposts, 0) DESC,
         published_at DESC, id DESC
LIMIT {{limit:UInt32}}
"""


def most_reacted(archive: Archive, sieve: Sieve, *, limit: int) -> list[Quote]:
    """The posts of a choice with the most likes, replies and reposts together, newest first."""
    condition = sieve.condition.sql if sieve.condition else "true"
    sql = MOST_REACTED.replace("(CONDITION)", f"({condition})")
    found = archive.rows(PlaceFound, sql, {**sieve.params(), "limit": limit})
    return quotes_at(archive, sorted(found, key=lambda row: row.place, reverse=True))
