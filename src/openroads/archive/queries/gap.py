"""Terms counted: in how many posts, in what tone, by how many people, by month and by product."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from openroads.archive.client import Archive
from openroads.archive.scope import IN_SCOPE_BY_DAY, Scope, period_of, periods_broken
from openroads.archive.termbook import term_hash

Voice = Literal["customer", "brand"]

IN_PERIODS_OF_BRAND = """
    voice = {voice:String} AND brand = {brand:UInt16}
    AND period >= {whole_since:Date} AND period < {whole_until:Date}
    AND (empty({languages:Array(String)}) OR has({languages:Array(String)}, language))
"""

IN_WHOLE_PERIODS = f"{IN_PERIODS_OF_BRAND} AND product = {{product:UInt16}}"

# Two plain ranges instead of "not inside the whole periods", so that only their days are read.
AT_RAGGED_EDGES = "(day < {whole_since:Date} OR day >= {whole_until:Date})"

# The text that ends in _PARTS gives the parts of sums, of which one term may have many: adding them up
# in an array with a place for each term is three times quicker than having the archive group a
# million terms of one post.
DOCS_PARTS = f"""
SELECT term, docs FROM term_period WHERE {IN_WHOLE_PERIODS}
UNION ALL
SELECT arrayJoin(terms) AS term, sign AS docs
FROM counted_post
WHERE {AT_RAGGED_EDGES} AND {IN_SCOPE_BY_DAY} AND voice = {{voice:String}}
"""

# Where some terms are asked for they are sought first (PREWHERE): the rest of the conditions then only
# looks at their rows. Ragged days are laid out term by term, and those asked for are picked out.
DOCS_BY_STRETCH = f"""
SELECT toDate(roundDown(toUInt16(at), {{cuts:Array(UInt16)}})) AS first, term, toInt64(sum(n)) AS docs
FROM (
    SELECT period AS at, term, docs AS n
    FROM term_period PREWHERE term IN {{terms:Array(UInt32)}}
    WHERE {IN_WHOLE_PERIODS} AND period NOT IN {{broken:Array(Date)}}
    UNION ALL
    SELECT at, term, n FROM (
        SELECT day AS at, arrayJoin(terms) AS term, sign AS n
        FROM counted_post
        WHERE day IN {{days:Array(Date)}} AND {IN_SCOPE_BY_DAY} AND voice = {{voice:String}}
    ) WHERE term IN {{terms:Array(UInt32)}}
)
GROUP BY first, term HAVING docs != 0
"""

DOCS_BY_PRODUCT = f"""
SELECT product, term, toInt64(sum(n)) AS docs
FROM (
    SELECT product, term, docs AS n
    FROM term_period PREWHERE term IN {{terms:Array(UInt32)}}
    WHERE {IN_PERIODS_OF_BRAND} AND product IN {{products:Array(UInt16)}}
    UNION ALL
    SELECT product, term, n FROM (
        SELECT arrayJoin(counted_post.products) AS product, arrayJoin(terms) AS term, sign AS n
        FROM counted_post
        WHERE {AT_RAGGED_EDGES} AND {IN_SCOPE_BY_DAY} AND voice = {{voice:String}}
    ) WHERE term IN {{terms:Array(UInt32)}} AND product IN {{products:Array(UInt16)}}
)
GROUP BY product, term HAVING docs != 0
"""

# One count over both parts: counting each first takes half as long again.
_TERM_COUNTS = f"""
SELECT term, sum(n) AS docs, sum(r) AS rated, sum(p) AS positive, sum(m) AS negative
FROM (
    SELECT term, docs AS n, term_period.rated AS r, term_period.positive AS p,
           term_period.negative AS m
    FROM term_period ASKED_FIRST WHERE {IN_WHOLE_PERIODS}
    UNION ALL
    SELECT arrayJoin(terms) AS term, sign AS n, toInt32(sign * (mood != -128)) AS r,
           toInt32(sign * (mood = 1)) AS p, toInt32(sign * (mood = -1)) AS m
    FROM counted_post
    WHERE {AT_RAGGED_EDGES} AND {IN_SCOPE_BY_DAY} AND voice = {{voice:String}}
)
ASKED GROUP BY term HAVING docs >= {{least:UInt32}} ORDER BY docs DESC, term
"""

TERM_COUNTS = _TERM_COUNTS.replace("ASKED_FIRST", "").replace("ASKED", "")
TERM_COUNTS_OF = _TERM_COUNTS.replace(
    "ASKED_FIRST", "PREWHERE term IN {terms:Array(UInt32)}"
).replace("ASKED", "WHERE term IN {terms:Array(UInt32)}")

# A post without an author is nobody's: it is counted by itself, never as a person.
TERM_PEOPLE = f"""
SELECT term, toInt64(sum(n)) AS posts,
       toInt64(countIf(n > 0 AND author_key != 0)) AS people,
       toInt64(sumIf(n, author_key = 0)) AS nameless
FROM (
    SELECT author_key, word AS term, sum(sign) AS n
    FROM counted_post ARRAY JOIN terms AS word
    WHERE {IN_SCOPE_BY_DAY} AND voice = 'customer'
      AND ({{only:UInt32}} = 0 OR has(terms, {{only:UInt32}}))
      AND word IN {{terms:Array(UInt32)}}
    GROUP BY author_key, term
)
GROUP BY term HAVING posts > 0 ORDER BY posts DESC, term
"""

TERMS = """
SELECT id, any(term.key) AS key, any(term.shown) AS shown, any(term.language) AS language
FROM term WHERE id IN {ids:Array(UInt32)} GROUP BY id ORDER BY id
"""

TERM_IDS = """
SELECT key, min(id) AS id FROM term
WHERE hash IN {hashes:Array(UInt64)} AND key IN {keys:Array(String)} GROUP BY key
"""

TERM_ID = "SELECT min(id) AS id FROM term WHERE hash = {hash:UInt64} AND key = {key:String}"


@dataclass(frozen=True)
class DocsParts:
    """Parts of the number of documents per term: a term may stand in several rows, to be added up."""

    term: NDArray[np.uint32]
    docs: NDArray[np.int32]


@dataclass(frozen=True)
class OfTerms:
    """Documents per term; a term may stand in several rows."""

    term: NDArray[np.uint32]
    docs: NDArray[np.int64]


@dataclass(frozen=True)
class DocsByStretch(OfTerms):
    """The same per stretch of days; `first` is the first day of each, datetime64[D]."""

    first: NDArray[np.datetime64]

    def between(self, since: date, until: date) -> OfTerms:
        """Those of the stretches that begin in a period."""
        here = (self.first >= np.datetime64(since)) & (self.first < np.datetime64(until))
        return OfTerms(self.term[here], self.docs[here])


@dataclass(frozen=True)
class DocsByProduct(OfTerms):
    """The same per product."""

    product: NDArray[np.uint16]


@dataclass(frozen=True)
class TermCounts:
    """Documents per term, how many of them have a known tone, and of these how many are positive
    and negative; one array per column."""

    term: NDArray[np.uint32]
    docs: NDArray[np.int64]
    rated: NDArray[np.int64]
    positive: NDArray[np.int64]
    negative: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.term)


@dataclass(frozen=True)
class TermPeople:
    """How many people are known to have used a term, in how many posts; `nameless` are its posts
    without an author."""

    term: NDArray[np.uint32]
    posts: NDArray[np.int64]
    people: NDArray[np.int64]
    nameless: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.term)


@dataclass(frozen=True)
class Term:
    """A term: its grouping key, and how a reader would write it."""

    id: int
    key: str
    shown: str
    language: str


@dataclass(frozen=True)
class _Found:
    id: int


@dataclass(frozen=True)
class _Keyed:
    key: str
    id: int


def docs_parts(archive: Archive, scope: Scope, voice: Voice = "customer") -> list[DocsParts]:
    """Posts of every term in scope, in the blocks they come in: put together they would have to be
    copied once more. Exact for any days.

    Whole weeks and months come from sums made at ingest, the ragged days around them from the posts
    themselves. Reposts and copies of an earlier post are left out.
    """
    table = archive.table(DOCS_PARTS, {**scope.summed(), "voice": voice})
    return [
        DocsParts(block.column("term").to_numpy(), block.column("docs").to_numpy())
        for block in table.to_batches()
    ]


def docs_by_stretch(
    archive: Archive, scope: Scope, cuts: Sequence[date], terms: Sequence[int]
) -> DocsByStretch:
    """Customers' posts of these terms per stretch of days, of which each of `cuts` begins one; the
    first begins with the scope."""
    first = sorted({scope.since, *(day for day in cuts if scope.since < day < scope.until)})
    broken = periods_broken([*first, scope.until]) if scope.summable else ()
    days = [scope.since + timedelta(days=n) for n in range((scope.until - scope.since).days)]
    params = _of_customers(scope, terms)
    if scope.summable:
        days = [day for day in days if period_of(day) in broken]
        params |= {"whole_since": scope.since, "whole_until": scope.until}
    params |= {"cuts": [_number(day) for day in first], "broken": list(broken), "days": days}
    found = archive.columns(DOCS_BY_STRETCH, params)
    return DocsByStretch(found["term"], found["docs"], found["first"].astype("datetime64[D]"))


def _number(day: date) -> int:
    """A day as the archive numbers it."""
    return (day - date(1970, 1, 1)).days


def docs_by_product(
    archive: Archive, scope: Scope, products: Sequence[int], terms: Sequence[int]
) -> DocsByProduct:
    """Customers' posts per product of these terms, whatever products the scope itself names."""
    # Several products cannot be summed, but one by one they can: the days are split as for none.
    params = _of_customers(replace(scope, products=()), terms)
    if not scope.brand:
        params |= {"whole_since": scope.until, "whole_until": scope.until}
    params["products"] = [int(product) for product in products]
    return DocsByProduct(**archive.columns(DOCS_BY_PRODUCT, params))


def _of_customers(scope: Scope, terms: Sequence[int]) -> dict[str, Any]:
    return {**scope.summed(), "voice": "customer", "terms": [int(term) for term in terms]}


def term_counts(
    archive: Archive,
    scope: Scope,
    voice: Voice = "customer",
    *,
    least: int = 1,
    terms: Sequence[int] | None = None,
) -> TermCounts:
    """Posts per term in scope, most used first; added up, with their tones.

    `least` leaves out rarer terms; `terms` asks for these only, None for all.
    """
    wanted = [int(term) for term in terms or ()]
    params = {**scope.summed(), "voice": voice, "least": least, "terms": wanted}
    asked = TERM_COUNTS if terms is None else TERM_COUNTS_OF
    return TermCounts(**archive.columns(asked, params))


def term_people(archive: Archive, scope: Scope, terms: Sequence[int]) -> TermPeople:
    """How many different people used each of these terms in scope; nobody's terms are absent."""
    wanted = [int(term) for term in terms]
    only = wanted[0] if len(wanted) == 1 else 0
    params = {**scope.params(), "terms": wanted, "only": only}
    return TermPeople(**archive.columns(TERM_PEOPLE, params))


def terms(archive: Archive, ids: Sequence[int]) -> list[Term]:
    """What these term ids stand for, in order of id; unknown ids are left out."""
    return archive.rows(Term, TERMS, {"ids": [int(term) for term in ids]})


def term_id(archive: Archive, key: str) -> int | None:
    """The id of a grouping key; None when nobody ever used it."""
    found = archive.rows(_Found, TERM_ID, {"key": key, "hash": term_hash(key)})
    return found[0].id or None


def term_ids(archive: Archive, keys: Sequence[str]) -> dict[str, int]:
    """The ids of several grouping keys at once; keys nobody ever used are left out."""
    params = {"keys": list(keys), "hashes": [term_hash(key) for key in keys]}
    return {row.key: row.id for row in archive.rows(_Keyed, TERM_IDS, params)}
