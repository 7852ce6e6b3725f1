"""Posts and passages themselves, newest first: what was said, word for word. Always within days."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta

from openroads.analysis.query.words import cut
from openroads.archive.batch import milliseconds
from openroads.archive.client import Archive
from openroads.archive.scope import IN_SCOPE, VALID_IN_SCOPE, Scope

WRITTEN_IN_SCOPE = f"""
    {IN_SCOPE} AND voice = {{voice:String}} AND NOT repost
    AND ({{term:UInt32}} = 0 OR has(terms, {{term:UInt32}}))
    AND (NOT {{counted:Bool}} OR original = 0)
"""

# The two looks at the table are on purpose: the first finds the few rows by their narrow columns,
# the second reads the wide ones (text) of those rows only.
POSTS_IN_SCOPE = f"""
SELECT id, published_at, source, network, voice, author_key, author, author_name, url, title, text,
       language, tone, mood, kind, words, likes, replies, reposts, views, rating, reply_to, thread,
       quotes, repost, original, brands, products, hashtags
FROM post FINAL
WHERE (published_at, id) IN (
    SELECT published_at, id FROM post FINAL
    WHERE {WRITTEN_IN_SCOPE}
      AND (published_at, id) < (
          fromUnixTimestamp64Milli({{before:Int64}}, 'UTC'), {{before_id:UInt64}})
    ORDER BY published_at DESC, id DESC LIMIT {{limit:UInt32}})
  AND published_at >= toDateTime64({{since:Date}}, 3, 'UTC')
  AND published_at < toDateTime64({{until:Date}}, 3, 'UTC')
ORDER BY published_at DESC, id DESC
"""

IDS_WITH_WORDS = f"""
SELECT id
FROM post FINAL
WHERE {IN_SCOPE} AND voice = {{voice:String}} AND NOT repost
  AND hasAllTokens(searchable, {{wanted:Array(String)}})
  AND (published_at, id) < (
      fromUnixTimestamp64Milli({{before:Int64}}, 'UTC'), {{before_id:UInt64}})
ORDER BY published_at DESC, id DESC LIMIT {{limit:UInt32}}
"""

POST_BY_ID = """
SELECT id, published_at, source, network, voice, author_key, author, author_name, url, title, text,
       language, tone, mood, kind, words, likes, replies, reposts, views, rating, reply_to, thread,
       quotes, repost, original, brands, products, hashtags
FROM post FINAL
WHERE id = {id:UInt64}
  AND published_at >= toDateTime64({since:Date}, 3, 'UTC')
  AND published_at < toDateTime64({until:Date}, 3, 'UTC')
"""

PASSAGES_WITH_TERM = f"""
SELECT text_id, position, brand, url, title, text, valid_from, valid_to, language, tone, mood, words
FROM passage FINAL
WHERE {VALID_IN_SCOPE} AND ({{term:UInt32}} = 0 OR has(terms, {{term:UInt32}}))
ORDER BY valid_from DESC, text_id DESC, position
LIMIT {{limit:UInt32}} OFFSET {{offset:UInt32}}
"""

# Later than any post, for the first page.
FOREVER_MS = 4_102_444_800_000
LAST_ID = 2**64 - 1

RECENT = timedelta(days=31)
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Id:
    """Which post, and nothing of it."""

    id: int


@dataclass(frozen=True)
class Quote:
    """One post as it was said. `published_at` is aware, in UTC; tone is -1..1, NaN when unknown;
    mood 1, 0, -1 or -128 (unknown); figures are None where the network did not tell them."""

    id: int
    published_at: datetime
    source: int
    network: str
    voice: str
    author_key: int
    author: str
    author_name: str
    url: str
    title: str
    text: str
    language: str
    tone: float
    mood: int
    kind: str
    words: int
    likes: int | None
    replies: int | None
    reposts: int | None
    views: int | None
    rating: float | None
    reply_to: str
    thread: str
    quotes: str
    repost: bool
    original: int
    brands: list[int]
    products: list[int]
    hashtags: list[str]

    @property
    def place(self) -> tuple[datetime, int]:
        """Where it stands in the list: hand it back as `before` to get what follows."""
        return self.published_at, self.id


@dataclass(frozen=True)
class OwnWords:
    """A passage of one of the brand's texts."""

    text_id: int
    position: int
    brand: int
    url: str
    title: str
    text: str
    valid_from: date
    valid_to: date | None
    language: str
    tone: float
    mood: int
    words: int


Place = tuple[datetime, int] | None


def posts_in_scope(
    archive: Archive,
    scope: Scope,
    *,
    voice: str = "customer",
    before: Place = None,
    limit: int = 20,
    counted: bool = False,
) -> list[Quote]:
    """The newest posts in scope without reposts; copies too, unless only what is `counted` is
    asked for. `before` is the `place` of the last one seen."""
    return _newest(archive, scope, voice, before, limit, {"term": 0, "counted": counted})


def posts_with_term(
    archive: Archive,
    scope: Scope,
    term: int,
    before: Place = None,
    limit: int = 20,
    *,
    voice: str = "customer",
) -> list[Quote]:
    """The newest posts that count towards a term: exactly those `term_counts` counted."""
    return _newest(archive, scope, voice, before, limit, {"term": int(term), "counted": True})


def ids_with_words(archive: Archive, scope: Scope, words: str, *, limit: int) -> list[int]:
    """The newest posts of people that hold all these words in title or text, accents and capitals aside: which
    they are, sought first among those of the last days. All there is of them would take three times as long."""
    found: list[Id] = []
    for days in (RECENT, scope.until - scope.since):
        since = max(scope.since, scope.until - days)
        part = replace(scope, since=since)
        params = _page(part, "customer", None, limit) | {"wanted": cut(words)}
        found = archive.rows(Id, IDS_WITH_WORDS, params)
        if len(found) == limit or since == scope.since:
            break
    return [one.id for one in found]


def post_by_id(archive: Archive, post: int, since: date, until: date) -> Quote | None:
    """One post, sought among the days given (its own day is quickest); None when not there."""
    found = archive.rows(Quote, POST_BY_ID, {"id": post, "since": since, "until": until})
    return found[0] if found else None


def passages_with_term(
    archive: Archive, scope: Scope, term: int, *, limit: int = 20, offset: int = 0
) -> list[OwnWords]:
    """The brand's passages in scope with this term (0: all of them), the latest first."""
    wanted = {**scope.params(), "term": int(term), "limit": limit, "offset": offset}
    return archive.rows(OwnWords, PASSAGES_WITH_TERM, wanted)


def _newest(
    archive: Archive, scope: Scope, voice: str, before: Place, limit: int, wanted: dict[str, object]
) -> list[Quote]:
    """A page that is usually found among the last days, so these are looked through first."""
    until = min(scope.until, before[0].astimezone(UTC).date() + ONE_DAY) if before else scope.until
    found: list[Quote] = []
    for days in (RECENT, scope.until - scope.since):
        since = max(scope.since, until - days)
        if since >= until:
            return []
        part = replace(scope, since=since, until=until)
        found = archive.rows(Quote, POSTS_IN_SCOPE, _page(part, voice, before, limit) | wanted)
        if len(found) == limit or since == scope.since:
            break
    return found


def _page(scope: Scope, voice: str, before: Place, limit: int) -> dict[str, object]:
    moment, post = (milliseconds(before[0]), before[1]) if before else (FOREVER_MS, LAST_ID)
    return {
        **scope.params(), "voice": voice, "before": moment, "before_id": post, "limit": limit,
    }  # fmt: skip
