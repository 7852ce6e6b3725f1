"""Everything the archive holds of one author, for who asks what is known of them or asks to be erased.

Rare questions: each looks at the narrow column of pseudonyms of the whole archive, without bounds
in time, because nothing may be left out.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from datetime import UTC, date, datetime
from typing import Any

from openroads.archive.batch import author_key, milliseconds
from openroads.archive.client import Archive

# Every version counts: what was replaced is on the disk until the parts are merged.
HELD_OF_AUTHOR = """
SELECT source, network, toInt64(uniqExact(id)) AS posts, toDate(min(published_at)) AS first,
       toDate(max(published_at)) AS last, groupUniqArray(5)(author_name) AS names
FROM post WHERE author_key IN {keys:Array(UInt64)}
GROUP BY source, network ORDER BY posts DESC, source, network
"""

POSTS_OF_AUTHOR = """
SELECT id, published_at, source, network, native_id, voice, author, author_name, url, title, text,
       reply_to, thread, quotes, repost, likes, replies, reposts, views, rating, language, tone, mood, kind,
       words, hashtags, mentions, emoji, brands, products, analyser, collected_at
FROM post FINAL
WHERE author_key IN {keys:Array(UInt64)}
  AND (published_at, id) > (fromUnixTimestamp64Milli({after:Int64}, 'UTC'), {after_id:UInt64})
ORDER BY published_at, id LIMIT {limit:UInt32}
"""

NAMESAKES = """
SELECT network, author, any(author_name) AS name, toInt64(uniqExact(id)) AS posts
FROM post
WHERE author != '' AND author_key NOT IN {keys:Array(UInt64)}
  AND (lowerUTF8(author) IN {handles:Array(String)}
       OR lowerUTF8(author_name) IN {handles:Array(String)})
GROUP BY network, author ORDER BY posts DESC, network, author LIMIT 10
"""

MENTIONED_BY_OTHERS = """
SELECT toInt64(uniqExact(id)) AS posts
FROM post FINAL
WHERE author_key NOT IN {keys:Array(UInt64)} AND has(mentions, {handle:String})
"""

NAMED_IN_PASSAGES = """
SELECT toInt64(uniqExact(text_id)) AS texts
FROM passage FINAL WHERE match(text, {pattern:String})
"""

# What somebody else said word for word too is no trace of this author.
TRACES_OF_AUTHOR = """
SELECT url, text
FROM post
WHERE author_key IN {keys:Array(UInt64)}
  AND same_key NOT IN (
    SELECT same_key FROM post
    WHERE author_key NOT IN {keys:Array(UInt64)} AND same_key IN (
        SELECT same_key FROM post WHERE author_key IN {keys:Array(UInt64)}))
ORDER BY lengthUTF8(text) DESC, id LIMIT {limit:UInt32}
"""

ERASED_AUTHORS = "SELECT DISTINCT author_key FROM erased_author"

PAGE = 1000
SHORTEST_NAME = 4
"""A shorter handle is an ordinary word too often to be looked for in texts."""


@dataclass(frozen=True)
class HeldOfAuthor:
    """What one source brought of an author: posts in any version, first and last day, the names
    that stood beside the handle."""

    source: int
    network: str
    posts: int
    first: date
    last: date
    names: list[str]


@dataclass(frozen=True)
class HeldPost:
    """Everything the archive holds of one post; figures are None where the network did not tell."""

    id: int
    published_at: datetime
    source: int
    network: str
    native_id: str
    voice: str
    author: str
    author_name: str
    url: str
    title: str
    text: str
    reply_to: str
    thread: str
    quotes: str
    repost: bool
    likes: int | None
    replies: int | None
    reposts: int | None
    views: int | None
    rating: float | None
    language: str
    tone: float
    mood: int
    kind: str
    words: int
    hashtags: list[str]
    mentions: list[str]
    emoji: list[str]
    brands: list[int]
    products: list[int]
    analyser: str
    collected_at: datetime

    def as_told(self) -> dict[str, Any]:
        """Field by field; ids as text, because a spreadsheet loses their last digits."""
        told = {field.name: getattr(self, field.name) for field in fields(self)}
        return told | {
            "id": str(self.id),
            "published_at": self.published_at.isoformat(),
            "collected_at": self.collected_at.isoformat(),
            "tone": None if self.tone != self.tone else round(self.tone, 4),
            "mood": None if self.mood == -128 else self.mood,
        }


@dataclass(frozen=True)
class Namesake:
    """Another author the same words may mean: that handle elsewhere, or that name under another
    handle."""

    network: str
    author: str
    name: str
    posts: int


@dataclass(frozen=True)
class _Posts:
    posts: int


@dataclass(frozen=True)
class _Texts:
    texts: int


@dataclass(frozen=True)
class Trace:
    """An address and a text of an author that nobody else has."""

    url: str
    text: str


def handle_forms(handle: str) -> list[str]:
    """A handle as the archive may hold it: with and without @, in lower case."""
    plain = handle.strip().lower().removeprefix("@").strip()
    return [plain, f"@{plain}"] if plain else []


def keys_of_handle(archive: Archive, network: str, handle: str) -> list[int]:
    """The pseudonyms under which the archive may hold an author; none for an empty handle."""
    return [author_key(network, form, archive.author_key) for form in handle_forms(handle)]


def held_of_author(archive: Archive, keys: Sequence[int]) -> list[HeldOfAuthor]:
    """Per source and network what is there, most posts first."""
    return archive.rows(HeldOfAuthor, HELD_OF_AUTHOR, {"keys": list(keys)})


def posts_of_author(archive: Archive, keys: Sequence[int]) -> Iterator[HeldPost]:
    """Every post in its last version, oldest first."""
    after, after_id = 0, 0
    while True:
        params = {"keys": list(keys), "after": after, "after_id": after_id, "limit": PAGE}
        page = archive.rows(HeldPost, POSTS_OF_AUTHOR, params)
        yield from page
        if len(page) < PAGE:
            return
        after, after_id = milliseconds(page[-1].published_at.astimezone(UTC)), page[-1].id


def namesakes(archive: Archive, keys: Sequence[int], handle: str) -> list[Namesake]:
    """Authors who are not these keys and go by the same handle or name; ten at most."""
    forms = handle_forms(handle)
    return archive.rows(Namesake, NAMESAKES, {"keys": list(keys), "handles": forms})


def mentioned_by_others(archive: Archive, keys: Sequence[int], handle: str) -> int:
    """Posts of other people that address this handle, reposts of their words among them."""
    plain = handle_forms(handle)[0]
    found = archive.rows(_Posts, MENTIONED_BY_OTHERS, {"keys": list(keys), "handle": plain})
    return found[0].posts


def named_in_own_texts(archive: Archive, handle: str) -> int:
    """The brand's own texts in which the handle stands as a word; 0 for one too short to tell."""
    plain = handle_forms(handle)[0]
    if len(plain) < SHORTEST_NAME:
        return 0
    pattern = rf"(?i)(^|[^\p{{L}}\p{{N}}_]){re.escape(plain)}($|[^\p{{L}}\p{{N}}_])"
    return archive.rows(_Texts, NAMED_IN_PASSAGES, {"pattern": pattern})[0].texts


def traces_of_author(archive: Archive, keys: Sequence[int], limit: int = 20) -> list[Trace]:
    """The longest texts, with their addresses, that are this author's alone."""
    return archive.rows(Trace, TRACES_OF_AUTHOR, {"keys": list(keys), "limit": limit})


def erased_authors(archive: Archive) -> frozenset[int]:
    """Pseudonyms of those who are not taken in again."""
    return frozenset(archive.table(ERASED_AUTHORS, {})["author_key"].to_pylist())
