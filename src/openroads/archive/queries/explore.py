"""Any choice of posts, counted: per day, by source, author and language, and the terms they use."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from openroads.analysis.term_docs import TermDocs
from openroads.archive.client import Archive
from openroads.archive.queries.choice import Sieve, asked_in_sums, asked_of
from openroads.archive.queries.documents import flat_lists
from openroads.archive.queries.newest import PlaceFound, newest_places, quotes_at
from openroads.archive.queries.posts import ONE_DAY, Place, Quote

ARCHIVES_FIRST = date(1970, 1, 1)
"""The first day the archive has a number for."""

DRAWN = 100_000
"""Posts whose terms are read at most; of a larger choice a fixed draw of half as many or more is."""

# All three tables of figures in one look. Days before `shown` are history: of these only the number counts.
COUNTED_BY = """
SELECT grouping(day) = 0 AS is_day, grouping(source) = 0 AS is_source, day, source, network, language,
       toInt64(sum(sign)) AS posts,
       toInt64(sumIf(sign, mood = 1)) AS positive,
       toInt64(sumIf(sign, mood = -1)) AS negative,
       toInt64(sumIf(sign, mood = -128)) AS unknown,
       toInt64(sumIf(sign, kind = 'question')) AS questions,
       toInt64(sumIf(sign, kind = 'complaint')) AS complaints,
       toInt64(sumIf(sign, kind = 'praise')) AS praise
FROM (SELECT *, day >= {shown:Date} AS is_shown FROM (CHOSEN))
GROUP BY GROUPING SETS ((day), (is_shown, source, network), (is_shown, language))
HAVING posts > 0 AND (is_day OR is_shown)
ORDER BY day, posts DESC, source, network, language
"""

# An aggregate finds the few who wrote most, so that the many need not leave the engine.
PEOPLE = """
SELECT toInt64(countIf(author_key != 0)) AS people, toInt64(sumIf(posts, author_key = 0)) AS nameless,
       groupArraySortedIf({limit:UInt32})(
           (-posts, author_key, positive, negative, unknown, reactions, told_by, latest),
           author_key != 0) AS most
FROM (
    SELECT author_key, toInt64(sum(sign)) AS posts, toInt64(sumIf(sign, mood = 1)) AS positive,
           toInt64(sumIf(sign, mood = -1)) AS negative,
           toInt64(sumIf(sign, mood = -128)) AS unknown,
           toInt64(sum(toInt64(reactions) * sign)) AS reactions,
           toInt64(sumIf(sign, told)) AS told_by, maxIf(day, sign > 0) AS latest
    FROM (CHOSEN) GROUP BY author_key HAVING posts > 0
)
"""

# Where nobody's name is asked for, in two thirds of the time.
HOW_MANY_PEOPLE = """
SELECT toInt64(countIf(author_key != 0)) AS people, toInt64(sumIf(posts, author_key = 0)) AS nameless
FROM (
    SELECT author_key, toInt64(sum(sign)) AS posts FROM (CHOSEN) GROUP BY author_key HAVING posts > 0
)
"""

# Names are looked up on the day each wrote last: these days only are read.
NAMES = """
SELECT author_key, argMax(post.author, published_at) AS author,
       argMax(post.author_name, published_at) AS author_name,
       argMax(post.network, published_at) AS network
FROM post FINAL
WHERE published_at >= toDateTime64({since:Date}, 3, 'UTC')
  AND published_at < toDateTime64({until:Date}, 3, 'UTC')
  AND toDate(published_at) IN {days:Array(Date)} AND author_key IN {keys:Array(UInt64)}
GROUP BY author_key
"""

SIZE = "SELECT toInt64(sum(sign)) AS posts FROM (CHOSEN)"

# Posts as lists of terms: adding them up in an array with a place for each term takes half as long as
# having the engine group them.
TERMS = "SELECT terms, mood, sign FROM (CHOSEN) WHERE bucket >= {bucket:UInt8}"


@dataclass(frozen=True)
class Figures:
    """Posts, by tone (the rest is neutral) and by kind (the rest is other)."""

    posts: int
    positive: int
    negative: int
    unknown: int
    questions: int
    complaints: int
    praise: int

    @property
    def neutral(self) -> int:
        return self.posts - self.positive - self.negative - self.unknown


@dataclass(frozen=True)
class DayRow(Figures):
    """The posts of one UTC day; days without are absent."""

    day: date


@dataclass(frozen=True)
class SourceRow(Figures):
    """The posts of one source on one network."""

    source: int
    network: str


@dataclass(frozen=True)
class LanguageRow(Figures):
    """The posts in one language ("und" when it cannot be told)."""

    language: str


@dataclass(frozen=True)
class Counted:
    """The figures of a choice: by day (history before it too), source and language. Sources and
    languages are of the choice alone, most posts first."""

    days: Sequence[DayRow]
    sources: Sequence[SourceRow]
    languages: Sequence[LanguageRow]


@dataclass(frozen=True)
class AuthorRow:
    """What one author wrote. `reactions` are likes, replies and reposts together, over the `told`
    posts whose network told any: unknown is not zero."""

    author_key: int
    author: str
    author_name: str
    network: str
    posts: int
    positive: int
    negative: int
    unknown: int
    reactions: int
    told: int


@dataclass(frozen=True)
class People:
    """How many different authors, posts whose author nobody named, and who wrote most."""

    people: int
    nameless: int
    most: Sequence[AuthorRow] = ()


@dataclass(frozen=True)
class DrawnTerms:
    """The terms of one in `one_in` posts of a choice, post by post: their ids one after the other,
    how many each post has, its mood, and 1 or -1 (a post that is no more takes itself away)."""

    ids: NDArray[np.uint32]
    lengths: NDArray[np.int64]
    mood: NDArray[np.int8]
    sign: NDArray[np.int32]
    one_in: int

    def docs(self) -> TermDocs:
        """Posts per term."""
        gone = self.sign < 0
        if not gone.any():
            return TermDocs.of_uses(self.ids)
        return TermDocs.of_parts([(self.ids, np.repeat(self.sign, self.lengths))])

    def standing(self) -> tuple[NDArray[np.uint32], NDArray[np.int64]]:
        """Term ids and lengths of the posts that are still there.

        A row that takes a post away stands beside the row of that post until both are merged: each
        such row cancels one with the same terms.
        """
        if (self.sign == 1).all():
            return self.ids, self.lengths
        offsets = np.concatenate(([0], np.cumsum(self.lengths)))
        lists = [self.ids[a:b] for a, b in pairwise(offsets.tolist())]
        held: dict[bytes, tuple[NDArray[np.uint32], int]] = {}
        for terms, sign in zip(lists, self.sign.tolist(), strict=True):
            key = terms.tobytes()
            held[key] = (terms, held[key][1] + sign if key in held else sign)
        kept = [terms for terms, n in held.values() for _ in range(n)]
        lengths = np.array([len(terms) for terms in kept], np.int64)
        return (np.concatenate(kept) if kept else self.ids[:0]), lengths

    def docs_of_mood(self, mood: int, terms: NDArray[np.int64]) -> NDArray[np.int64]:
        """Posts of a mood with each of these terms."""
        place = np.full(int(max(terms.max(initial=0), self.ids.max(initial=0))) + 1, -1, np.int32)
        place[terms] = np.arange(len(terms))
        there = self.mood == mood
        places = place[self.ids[np.repeat(there, self.lengths)]]
        signs = np.repeat(self.sign[there], self.lengths[there])[places >= 0]
        found = np.zeros(len(terms), np.int64)
        np.add.at(found, places[places >= 0], signs)
        return found


@dataclass(frozen=True)
class _FigureRow(Figures):
    is_day: bool
    is_source: bool
    day: date
    source: int
    network: str
    language: str


@dataclass(frozen=True)
class _HowMany:
    people: int
    nameless: int


@dataclass(frozen=True)
class _Most(_HowMany):
    most: list[dict[str, Any]]


@dataclass(frozen=True)
class _Size:
    posts: int


@dataclass(frozen=True)
class _Name:
    author_key: int
    author: str
    author_name: str
    network: str


def counted(archive: Archive, sieve: Sieve, *, history: timedelta = timedelta()) -> Counted:
    """How many posts a choice has; by day also those of as long a `history` before it.

    Groups of authors have none: who wrote often in these days did not so in those before.
    """
    scope = sieve.scope
    since = scope.since if sieve.authors else max(scope.since - history, ARCHIVES_FIRST)
    params = {**sieve.params(), "since": since, "shown": scope.since}
    params["product"] = sieve.product
    sql = asked_in_sums(COUNTED_BY) if sieve.summed else asked_of(COUNTED_BY, sieve)
    days: list[DayRow] = []
    sources: list[SourceRow] = []
    languages: list[LanguageRow] = []
    for row in archive.rows(_FigureRow, sql, params):
        figures = {name: getattr(row, name) for name in FIGURES}
        if row.is_day:
            days.append(DayRow(**figures, day=row.day))
        elif row.is_source:
            sources.append(SourceRow(**figures, source=row.source, network=row.network))
        else:
            languages.append(LanguageRow(**figures, language=row.language))
    return Counted(days, sources, languages)


def posts_by_day(archive: Archive, sieve: Sieve) -> Sequence[DayRow]:
    """Posts per day, oldest first."""
    return counted(archive, sieve).days


def people_in(archive: Archive, sieve: Sieve, limit: int = 20) -> People:
    """How many people a choice holds, and the `limit` who wrote most; posts without an author are
    nobody's. Of no `limit` at all only their number is counted."""
    if not limit:
        (many,) = archive.rows(_HowMany, asked_of(HOW_MANY_PEOPLE, sieve), sieve.params())
        return People(many.people, many.nameless)
    (found,) = archive.rows(_Most, asked_of(PEOPLE, sieve), {**sieve.params(), "limit": limit})
    rows = [tuple(row.values()) for row in found.most]
    most = [(key, -less, *figures) for less, key, *figures in rows]
    return people_named(archive, found.people, found.nameless, most)


def people_named(
    archive: Archive, people: int, nameless: int, most: Sequence[tuple[Any, ...]]
) -> People:
    """So many people, and those who wrote most: an author's key, the figures of an `AuthorRow` and the
    last day each, to be looked up by name."""
    names = names_of(archive, {key: latest for key, *_figures, latest in most})
    authors = [
        AuthorRow(key, *names[key], *figures) for key, *figures, _latest in most if key in names
    ]
    return People(people, nameless, authors)


def size_of(archive: Archive, sieve: Sieve) -> int:
    """How many posts a choice has."""
    sql = asked_in_sums(SIZE) if sieve.summed else asked_of(SIZE, sieve)
    return archive.rows(_Size, sql, {**sieve.params(), "product": sieve.product})[0].posts


def terms_in(archive: Archive, sieve: Sieve, *, halvings: int = 0) -> DrawnTerms:
    """The terms of a choice's posts.

    With `halvings` only a fixed draw is read: the posts, of which that many throws of a coin all
    came up heads. The same posts are drawn whatever the choice, so draws can be compared.
    """
    table = archive.table(asked_of(TERMS, sieve), {**sieve.params(), "bucket": halvings})
    documents = flat_lists(table, "terms")
    return DrawnTerms(
        documents.terms,
        np.diff(documents.offsets),
        table["mood"].to_numpy(),
        table["sign"].to_numpy(),
        2**halvings,
    )


def halvings_for(posts: int) -> int:
    """How often a choice of so many posts is halved before its terms are read."""
    return max(-(-posts // DRAWN) - 1, 0).bit_length()


def places_chosen(
    archive: Archive, sieve: Sieve, *, before: Place = None, limit: int = 20
) -> list[PlaceFound]:
    """Where the newest posts of a choice stand; `before` is the `place` of the last one seen."""
    return newest_places(
        archive, sieve.scope, sieve.sql(), sieve.params(), before=before, limit=limit
    )


def newest_posts(
    archive: Archive, sieve: Sieve, *, before: Place = None, limit: int = 20
) -> list[Quote]:
    """The same with what they say."""
    return quotes_at(archive, places_chosen(archive, sieve, before=before, limit=limit))


def names_of(archive: Archive, latest: Mapping[int, date]) -> dict[int, tuple[str, str, str]]:
    """Name, shown name and network of each author, who wrote on the `latest` of their days."""
    if not latest:
        return {}
    days = sorted(set(latest.values()))
    params = {"keys": list(latest), "days": days, "since": days[0], "until": days[-1] + ONE_DAY}
    rows = archive.rows(_Name, NAMES, params)
    return {row.author_key: (row.author, row.author_name, row.network) for row in rows}


FIGURES = tuple(field.name for field in fields(Figures))
