"""Posts somebody gave an answer for, and random ones to ask about; and the writing of answers."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from openroads.archive.batch import milliseconds
from openroads.archive.client import Archive
from openroads.archive.queries.writing import BY_KEY
from openroads.archive.scope import COUNTED, IN_SCOPE, Scope

READ_COLUMNS = """
    id, published_at, source, title, text, language, tone, mood, kind, analyser
"""

READ_BY_KEY = f"SELECT {READ_COLUMNS} FROM post FINAL PREWHERE {BY_KEY}"

# For posts whose date was changed since: found through the index on id.
READ_BY_ID = f"SELECT {READ_COLUMNS} FROM post FINAL WHERE id IN {{ids:Array(UInt64)}}"

IN_STRATUM = f"""
    {IN_SCOPE} AND voice = 'customer' AND {COUNTED}
"""

STRATUM = "if(has({own:Array(String)}, language), language, 'other')"

POPULATION = f"""
SELECT {STRATUM} AS stratum, toInt64(count()) AS posts
FROM post FINAL WHERE {IN_STRATUM} GROUP BY stratum ORDER BY stratum
"""

# The hash puts posts in an order that has nothing to do with them, the same for the same seed.
DRAWN = f"""
SELECT id, published_at, {STRATUM} AS stratum
FROM post FINAL WHERE {IN_STRATUM}
ORDER BY sipHash64(id, {{seed:UInt64}}), id LIMIT {{most:UInt32}} BY stratum
"""

DRAWN_TO_READ = f"""
SELECT {READ_COLUMNS} FROM post FINAL
WHERE {IN_SCOPE}
  AND (published_at, id) IN (
    SELECT published_at, id FROM post FINAL WHERE {IN_STRATUM}
    ORDER BY sipHash64(id, {{seed:UInt64}}), id LIMIT {{most:UInt32}})
ORDER BY id
"""

COUNTED_IN_SCOPE = f"SELECT toInt64(count()) AS n FROM post FINAL WHERE {IN_STRATUM}"

FULL_BY_KEY = f"""
SELECT id, toUnixTimestamp64Milli(published_at) AS at, author_key, source, network, voice, brands,
       products, language, terms, tone, mood, kind, words, repost, original, likes, replies,
       reposts, analyser
FROM post FINAL PREWHERE {BY_KEY}
"""

MOMENTS_BY_ID = """
SELECT id, toUnixTimestamp64Milli(published_at) AS at
FROM post FINAL WHERE id IN {ids:Array(UInt64)}
"""

CORRECT = f"""
INSERT INTO post
SELECT * REPLACE (
    {{version:UInt32}} AS version,
    transform(id, {{ids:Array(UInt64)}}, {{moods:Array(Int8)}}, mood) AS mood,
    transform(id, {{ids:Array(UInt64)}}, {{kinds:Array(String)}}, toString(kind)) AS kind,
    transform(id, {{ids:Array(UInt64)}}, {{languages:Array(String)}}, toString(language))
        AS language,
    transform(id, {{ids:Array(UInt64)}}, {{tones:Array(Float32)}}, tone) AS tone,
    transform(id, {{ids:Array(UInt64)}}, {{analysers:Array(String)}}, toString(analyser))
        AS analyser)
FROM post FINAL PREWHERE {BY_KEY}
"""


@dataclass(frozen=True)
class PostRead:
    """A post as it is read and scored now. `tone` is by the word lists, whatever was corrected;
    mood is 1, 0, -1 or -128."""

    id: int
    published_at: datetime
    source: int
    title: str
    text: str
    language: str
    tone: float
    mood: int
    kind: str
    analyser: str

    @property
    def whole_text(self) -> str:
        """What the analyser read."""
        return f"{self.title}\n{self.text}" if self.title else self.text


@dataclass(frozen=True)
class Stratum:
    """Posts that count, of one language (or "other")."""

    stratum: str
    posts: int


@dataclass(frozen=True)
class Drawn:
    """A post drawn from its stratum."""

    id: int
    published_at: datetime
    stratum: str


@dataclass(frozen=True)
class _Count:
    n: int


def key_params(keys: Sequence[tuple[int, datetime]]) -> dict[str, list[int] | int]:
    """Parameters of a look-up of posts (id, moment) by what they are ordered by."""
    moments = sorted({milliseconds(moment) for _, moment in keys})
    return {
        "ids": [post for post, _ in keys], "moments": moments, "first": moments[0], "last": moments[-1],
    }  # fmt: skip


def posts_read(archive: Archive, keys: Sequence[tuple[int, datetime]]) -> dict[int, PostRead]:
    """The posts with these ids, found by the moment they had when the key was noted (or, when that
    was changed since, by their id alone); those that are gone are left out. A thousand at a time."""
    if not keys:
        return {}
    found = {row.id: row for row in archive.rows(PostRead, READ_BY_KEY, key_params(keys))}
    if elsewhere := [post for post, _ in keys if post not in found]:
        rows = archive.rows(PostRead, READ_BY_ID, {"ids": elsewhere})
        found.update((row.id, row) for row in rows)
    return found


def population(archive: Archive, scope: Scope, own: Sequence[str]) -> list[Stratum]:
    """How many customers' posts count in scope, per language among `own`; the others together."""
    return archive.rows(Stratum, POPULATION, {**scope.params(), "own": list(own)})


def drawn(
    archive: Archive, scope: Scope, own: Sequence[str], *, most: int, seed: int
) -> list[Drawn]:
    """At most so many posts of each stratum, drawn at random; the first k of a stratum are a random
    sample of k. The same seed draws the same posts."""
    wanted = {**scope.params(), "own": list(own), "most": most, "seed": seed}
    return archive.rows(Drawn, DRAWN, wanted)


def sampled(archive: Archive, scope: Scope, *, most: int, seed: int) -> list[PostRead]:
    """At most so many customers' posts that count in scope, drawn at random."""
    return archive.rows(PostRead, DRAWN_TO_READ, {**scope.params(), "most": most, "seed": seed})


def counted(archive: Archive, scope: Scope) -> int:
    """How many customers' posts count in scope."""
    return archive.rows(_Count, COUNTED_IN_SCOPE, scope.params())[0].n


# What was read by another analyser than those wanted, month by month, the latest first.
UNREAD_MONTHS = """
SELECT toUInt32(toYYYYMM(published_at)) AS month, toInt64(count()) AS posts
FROM post FINAL
WHERE language = {language:String} AND NOT has({analysers:Array(String)}, analyser)
GROUP BY month ORDER BY month DESC
"""

UNREAD = f"""
SELECT {READ_COLUMNS} FROM post FINAL
WHERE toYYYYMM(published_at) = {{month:UInt32}} AND language = {{language:String}}
  AND NOT has({{analysers:Array(String)}}, analyser)
ORDER BY published_at DESC, id LIMIT {{most:UInt32}}
"""


@dataclass(frozen=True)
class UnreadMonth:
    """A month (as 202611) and how many of its posts another analyser read."""

    month: int
    posts: int


def unread_months(archive: Archive, language: str, analysers: Sequence[str]) -> list[UnreadMonth]:
    """Months with posts of a language that none of these analysers read, the latest first."""
    wanted = {"language": language, "analysers": list(analysers)}
    return archive.rows(UnreadMonth, UNREAD_MONTHS, wanted)


def unread_posts(
    archive: Archive, language: str, analysers: Sequence[str], month: int, *, most: int
) -> list[PostRead]:
    """At most so many of these posts of one month, the latest first."""
    wanted = {"language": language, "analysers": list(analysers), "month": month, "most": most}
    return archive.rows(PostRead, UNREAD, wanted)
