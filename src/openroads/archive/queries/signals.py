"""Signals of a product: posts by brand for a map, and which of our texts hold some words."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from openroads.archive.client import Archive
from openroads.archive.queries.choice import Sieve, asked_of
from openroads.archive.scope import VALID_IN_SCOPE, Scope

BY_BRAND = """
SELECT arrayJoin(brands) AS brand, toInt64(sum(sign)) AS posts
FROM (CHOSEN) GROUP BY brand HAVING posts > 0 ORDER BY brand
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
class OfBrand:
    """Posts that name a brand, whatever else they name."""

    brand: int
    posts: int


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


def posts_by_brand(archive: Archive, sieve: Sieve) -> dict[int, int]:
    """Posts of a choice per brand they name; one that names two counts for both."""
    rows = archive.rows(OfBrand, asked_of(BY_BRAND, sieve), sieve.params())
    return {row.brand: row.posts for row in rows}


def texts_with_words(archive: Archive, scope: Scope, terms: Sequence[int]) -> list[TextWithWords]:
    """Our texts that stand in these days and hold any of these words."""
    params: dict[str, Any] = {**scope.params(), "wanted": [int(term) for term in terms]}
    return archive.rows(TextWithWords, TEXTS_WITH_WORDS, params) if terms else []


def passages_of(archive: Archive, scope: Scope) -> list[PassageRow]:
    """Every passage of ours that stands in these days."""
    return archive.rows(PassageRow, PASSAGES, scope.params())
