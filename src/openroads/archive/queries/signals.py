"""Signals of a product: posts by brand for a map, and which of our texts hold some words."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from openroads.analysis.query.syntax import Node
from openroads.archive.client import Archive
from openroads.archive.queries.choice import ASKED_OF_POST, Condition, Sieve
from openroads.archive.queries.explore import Figures
from openroads.archive.queries.newest import PlaceFound
from openroads.archive.queries.search import condition
from openroads.archive.scope import COUNTED, IN_SCOPE, VALID_IN_SCOPE, Scope

# Several conditions on the same posts in one look: a post stands once for each it fits, and once under
# place 0 whatever it fits. PLACES stands for these: constant texts of ours, values as parameters.
FLAGGED = f"""
    SELECT post.published_at AS moment, id, toDate(published_at) AS day, voice, mood, kind, brands,
           arrayJoin(arrayFilter(place -> place >= 0, [PLACES])) AS place
    FROM post FINAL
    WHERE {IN_SCOPE} AND {COUNTED} AND (voice = 'brand' OR ({ASKED_OF_POST})) AND (CONDITION)
"""

DAYS_OF = """
SELECT place, voice = 'customer' AS customer, day, toInt64(count()) AS posts,
       toInt64(countIf(mood = 1)) AS positive,
       toInt64(countIf(mood = -1)) AS negative,
       toInt64(countIf(mood = -128)) AS unknown,
       toInt64(countIf(kind = 'question')) AS questions,
       toInt64(countIf(kind = 'complaint')) AS complaints,
       toInt64(countIf(kind = 'praise')) AS praise
FROM (FLAGGED) GROUP BY place, customer, day ORDER BY place, customer, day
"""

NEWEST_OF = """
SELECT place, fromUnixTimestamp64Milli(-found.1, 'UTC') AS published_at, toUInt64(-found.2) AS id
FROM (
    SELECT place, arrayJoin(groupArraySorted(LIMIT)(
        (-toUnixTimestamp64Milli(moment), -toInt128(id)))) AS found
    FROM (FLAGGED) WHERE place > 0 AND voice = 'customer' GROUP BY place
)
ORDER BY place, published_at DESC, id DESC
"""

BY_BRAND = """
SELECT arrayJoin(brands) AS brand, place, toInt64(count()) AS posts
FROM (FLAGGED) WHERE voice = 'customer' GROUP BY brand, place ORDER BY brand, place
"""

TEXTS_WITH_WORDS = f"""
SELECT text_id, any(title) AS name, any(url) AS address,
       arraySort(groupUniqArrayArray(arrayIntersect(terms, {{wanted:Array(UInt32)}}))) AS held,
       groupUniqArray(arraySort(arrayIntersect(terms, {{wanted:Array(UInt32)}}))) AS together
FROM passage FINAL
WHERE {VALID_IN_SCOPE} AND hasAny(terms, {{wanted:Array(UInt32)}})
GROUP BY text_id ORDER BY text_id
"""

PASSAGES = f"""
SELECT text_id, position, title, text, language, mood, valid_from, valid_to, products
FROM passage FINAL WHERE {VALID_IN_SCOPE} ORDER BY text_id, position
"""


@dataclass(frozen=True)
class DayOf(Figures):
    """Posts of one day and voice that fit the condition of a place (1 and on; 0: all of them)."""

    place: int
    customer: bool
    day: date


@dataclass(frozen=True)
class OfBrand:
    """Posts that name a brand, whatever else they name, and fit the condition of a place."""

    brand: int
    place: int
    posts: int


@dataclass(frozen=True)
class _Newest:
    place: int
    published_at: datetime
    id: int


@dataclass(frozen=True)
class TextWithWords:
    """One of our texts: which of some words it holds, and which of them stand in one passage."""

    text_id: int
    name: str
    address: str
    held: list[int]
    together: list[list[int]]


@dataclass(frozen=True)
class PassageRow:
    """A passage of ours with its days (until `valid_to`, None: still)."""

    text_id: int
    position: int
    title: str
    text: str
    language: str
    mood: int
    valid_from: date
    valid_to: date | None
    products: list[int]


def days_of(archive: Archive, sieve: Sieve, asked: Sequence[Condition]) -> list[DayOf]:
    """Posts per day, customers' and our own, that fit each of some conditions besides the choice's
    own; and all of them. Of our own posts neither source, tone nor kind is asked."""
    return archive.rows(DayOf, *_flagged(DAYS_OF, sieve, asked))


def newest_of(
    archive: Archive, sieve: Sieve, asked: Sequence[Condition], *, limit: int
) -> list[list[PlaceFound]]:
    """Where the newest customers' posts stand that fit each of some conditions, a list for each."""
    if not asked:
        return []
    sql, params = _flagged(NEWEST_OF, sieve, asked)
    rows = archive.rows(_Newest, sql.replace("(LIMIT)", f"({int(limit)})"), params)
    return [
        [PlaceFound(row.published_at, row.id) for row in rows if row.place == n]
        for n in range(1, len(asked) + 1)
    ]


def posts_by_brand(
    archive: Archive, sieve: Sieve, asked: Sequence[Condition]
) -> dict[int, list[int]]:
    """Posts per brand they name: all of them, then those that fit each condition. One that names two
    brands counts for both."""
    found: dict[int, list[int]] = {}
    for row in archive.rows(OfBrand, *_flagged(BY_BRAND, sieve, asked)):
        found.setdefault(row.brand, [0] * (len(asked) + 1))[row.place] = row.posts
    return found


def conditions(sieve: Sieve, queries: Sequence[tuple[Node, int]]) -> list[Condition]:
    """Queries as conditions whose parameters do not get in each other's way; each with a product its
    posts must be about (0: any)."""
    params: dict[str, Any] = dict(sieve.condition.params) if sieve.condition else {}
    found = []
    for query, product in queries:
        made = condition(query, Condition("true", params))
        params = made.params
        about = f"has(products, {int(product)}) AND " if product else ""
        found.append(Condition(f"{about}({made.sql})", params))
    return found


def of_products(products: Sequence[int]) -> list[Condition]:
    """Conditions that a post is about each of some products."""
    return [Condition(f"has(products, {int(product)})") for product in products]


def words_together(pairs: Sequence[Sequence[int]]) -> list[Condition]:
    """Conditions that all words of each group are in a post."""
    return [
        Condition(f"hasAll(post.terms, {{words{n}:Array(UInt32)}})", {f"words{n}": list(pair)})
        for n, pair in enumerate(pairs)
    ]


def _flagged(text: str, sieve: Sieve, asked: Sequence[Condition]) -> tuple[str, dict[str, Any]]:
    params = sieve.params()
    for each in asked:
        params |= each.params
    places = ", ".join(
        ["0", *(f"if({each.sql}, {n}, -1)" for n, each in enumerate(asked, start=1))]
    )
    own = sieve.condition.sql if sieve.condition else "true"
    flagged = FLAGGED.replace("[PLACES]", f"[{places}]").replace("(CONDITION)", f"({own})")
    return text.replace("(FLAGGED)", f"({flagged})"), params


def texts_with_words(archive: Archive, scope: Scope, terms: Sequence[int]) -> list[TextWithWords]:
    """Our texts that stand in these days and hold any of these words."""
    params: dict[str, Any] = {**scope.params(), "wanted": [int(term) for term in terms]}
    return archive.rows(TextWithWords, TEXTS_WITH_WORDS, params) if terms else []


def passages_of(archive: Archive, scope: Scope) -> list[PassageRow]:
    """Every passage of ours that stands in these days."""
    return archive.rows(PassageRow, PASSAGES, scope.params())
