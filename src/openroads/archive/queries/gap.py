"""What customers say and what the brand says, counted per term: the figures of the brand gap."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from openroads.archive.client import Archive
from openroads.archive.scope import COUNTED, IN_SCOPE, VALID_IN_SCOPE, Scope
from openroads.archive.termbook import term_hash

Voice = Literal["customer", "brand"]

IN_WHOLE_PERIODS = """
    voice = {voice:String} AND brand = {brand:UInt16} AND product = {product:UInt16}
    AND period >= {whole_since:Date} AND period < {whole_until:Date}
    AND (empty({languages:Array(String)}) OR has({languages:Array(String)}, language))
"""

# Two plain ranges instead of "not inside the whole periods", so that only their days are read.
AT_RAGGED_EDGES = """
    (published_at < toDateTime64({whole_since:Date}, 3, 'UTC')
     OR published_at >= toDateTime64({whole_until:Date}, 3, 'UTC'))
"""

# One count over both parts: counting each first takes half as long again.
TERM_COUNTS = f"""
SELECT term, sum(n) AS docs, sum(p) AS positive, sum(m) AS negative
FROM (
    SELECT term, docs AS n, term_period.positive AS p, term_period.negative AS m
    FROM term_period
    WHERE {IN_WHOLE_PERIODS}
      AND (empty({{terms:Array(UInt32)}}) OR term IN {{terms:Array(UInt32)}})
    UNION ALL
    SELECT arrayJoin(terms) AS term, toInt32(1) AS n, toInt32(mood = 1) AS p,
           toInt32(mood = -1) AS m
    FROM post FINAL
    WHERE {AT_RAGGED_EDGES} AND {IN_SCOPE} AND {COUNTED} AND voice = {{voice:String}}
)
WHERE empty({{terms:Array(UInt32)}}) OR term IN {{terms:Array(UInt32)}}
GROUP BY term HAVING docs >= {{least:UInt32}} ORDER BY docs DESC, term
"""

BRAND_TERM_COUNTS = f"""
SELECT term, sum(n) AS docs, sum(p) AS positive, sum(m) AS negative
FROM (
    SELECT arrayJoin(terms) AS term, toInt64(count()) AS n, toInt64(countIf(mood = 1)) AS p,
           toInt64(countIf(mood = -1)) AS m
    FROM passage FINAL WHERE {VALID_IN_SCOPE} GROUP BY term
    UNION ALL
    SELECT arrayJoin(terms) AS term, toInt64(count()) AS n, toInt64(countIf(mood = 1)) AS p,
           toInt64(countIf(mood = -1)) AS m
    FROM post FINAL WHERE {IN_SCOPE} AND {COUNTED} AND voice = 'brand' GROUP BY term
)
GROUP BY term ORDER BY docs DESC, term
"""

TERM_COUNTS_BY_MONTH = f"""
SELECT month, term, sum(n) AS docs, sum(p) AS positive, sum(m) AS negative
FROM (
    SELECT toStartOfMonth(period) AS month, term, sum(docs) AS n, sum(term_period.positive) AS p,
           sum(term_period.negative) AS m
    FROM term_period
    WHERE {IN_WHOLE_PERIODS}
      AND (empty({{terms:Array(UInt32)}}) OR term IN {{terms:Array(UInt32)}})
    GROUP BY month, term
    UNION ALL
    SELECT toStartOfMonth(toDate(published_at)) AS month, arrayJoin(terms) AS term,
           toInt64(count()) AS n, toInt64(countIf(mood = 1)) AS p, toInt64(countIf(mood = -1)) AS m
    FROM post FINAL
    WHERE {AT_RAGGED_EDGES} AND {IN_SCOPE} AND {COUNTED} AND voice = {{voice:String}}
    GROUP BY month, term
    HAVING empty({{terms:Array(UInt32)}}) OR term IN {{terms:Array(UInt32)}}
)
GROUP BY month, term HAVING docs > 0 ORDER BY month, docs DESC, term
"""

# Nobody's name is nobody's: each post without an author counts as one more person.
TERM_PEOPLE = f"""
SELECT term, toInt64(count()) AS posts,
       toInt64(uniqExactIf(author_key, author_key != 0) + countIf(author_key = 0)) AS people,
       toInt64(countIf(author_key = 0)) AS nameless
FROM (
    SELECT author_key, arrayJoin(terms) AS term
    FROM post FINAL WHERE {IN_SCOPE} AND {COUNTED} AND voice = 'customer'
)
WHERE term IN {{terms:Array(UInt32)}}
GROUP BY term ORDER BY posts DESC, term
"""

TOTALS = f"""
SELECT
    toInt64(countIf(voice = 'customer' AND {COUNTED})) AS posts,
    toInt64(uniqExactIf(author_key, author_key != 0 AND voice = 'customer' AND {COUNTED})
            + countIf(author_key = 0 AND voice = 'customer' AND {COUNTED})) AS people,
    toInt64(countIf(author_key = 0 AND voice = 'customer' AND {COUNTED})) AS nameless,
    toInt64(sumIf(post.words, voice = 'customer' AND {COUNTED})) AS words,
    toInt64(countIf(voice = 'brand' AND {COUNTED})) AS own_posts,
    toInt64(sumIf(post.words, voice = 'brand' AND {COUNTED})) AS own_post_words,
    toInt64(countIf(voice = 'customer' AND repost)) AS left_out_reposts,
    toInt64(countIf(voice = 'customer' AND NOT repost AND original != 0)) AS left_out_duplicates,
    toInt64(countIf(voice = 'customer' AND {COUNTED} AND language = 'und')) AS language_unknown,
    toInt64(countIf(voice = 'customer' AND {COUNTED} AND mood = -128)) AS mood_unknown
FROM post FINAL WHERE {IN_SCOPE}
"""

PASSAGE_TOTALS = f"""
SELECT toInt64(uniqExact(text_id)) AS texts, toInt64(count()) AS passages,
       toInt64(sum(words)) AS passage_words
FROM passage FINAL WHERE {VALID_IN_SCOPE}
"""

SAMPLE_DOCUMENTS = f"""
SELECT terms FROM post FINAL
WHERE {IN_SCOPE} AND {COUNTED} AND voice = 'customer'
ORDER BY cityHash64(id) LIMIT {{limit:UInt32}}
"""

BRAND_DOCUMENTS = f"""
SELECT terms FROM (
    SELECT terms FROM passage FINAL WHERE {VALID_IN_SCOPE}
    UNION ALL
    SELECT terms FROM post FINAL WHERE {IN_SCOPE} AND {COUNTED} AND voice = 'brand'
)
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
class TermCounts:
    """Documents per term (and how many of them are positive and negative), one array per column."""

    term: NDArray[np.uint32]
    docs: NDArray[np.int64]
    positive: NDArray[np.int64]
    negative: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.term)


@dataclass(frozen=True)
class TermCountsByMonth:
    """The same with the first day of a month in front: `month` is datetime64[D]."""

    month: NDArray[np.datetime64]
    term: NDArray[np.uint32]
    docs: NDArray[np.int64]
    positive: NDArray[np.int64]
    negative: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.term)


@dataclass(frozen=True)
class TermPeople:
    """How many people used a term, in how many posts. A post without an author counts as a person
    of its own; `nameless` says how many there are of those."""

    term: NDArray[np.uint32]
    posts: NDArray[np.int64]
    people: NDArray[np.int64]
    nameless: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.term)


@dataclass(frozen=True)
class Documents:
    """Term ids per document, flat: document i has `terms[offsets[i]:offsets[i + 1]]`."""

    offsets: NDArray[np.int64]
    terms: NDArray[np.uint32]

    def __len__(self) -> int:
        return len(self.offsets) - 1


@dataclass(frozen=True)
class PostTotals:
    """What of the posts in scope counts, and what is left out and why."""

    posts: int
    people: int
    nameless: int
    words: int
    own_posts: int
    own_post_words: int
    left_out_reposts: int
    left_out_duplicates: int
    language_unknown: int
    mood_unknown: int


@dataclass(frozen=True)
class PassageTotals:
    """How much the brand's own texts come to."""

    texts: int
    passages: int
    passage_words: int


@dataclass(frozen=True)
class Totals(PostTotals, PassageTotals):
    """Everything above the line of a gap. `posts`, `people` and `words` are the customers'.

    `left_out_own` are the brand's own posts: left out of the customers' side (they count on the
    brand's). `brand_words` are the words of passages and own posts together.
    """

    left_out_own: int
    brand_words: int


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


def term_counts(
    archive: Archive,
    scope: Scope,
    voice: Voice = "customer",
    *,
    least: int = 1,
    terms: Sequence[int] = (),
) -> TermCounts:
    """Posts per term in scope, most used first; exact for any days.

    Whole weeks and months come from sums made at ingest, the ragged days around them from the posts
    themselves. Reposts and copies of an earlier post are left out. `least` leaves out rarer terms;
    `terms` asks for these only.
    """
    wanted = [int(term) for term in terms]
    params = {**scope.summed(), "voice": voice, "least": least, "terms": wanted}
    return TermCounts(**archive.columns(TERM_COUNTS, params))


def brand_term_counts(archive: Archive, scope: Scope) -> TermCounts:
    """Passages valid at some moment in scope, and own posts published in it, per term."""
    return TermCounts(**archive.columns(BRAND_TERM_COUNTS, scope.params()))


def term_counts_by_month(
    archive: Archive, scope: Scope, terms: Sequence[int] = (), voice: Voice = "customer"
) -> TermCountsByMonth:
    """Posts per calendar month and term (of these terms, or of all); months without are absent."""
    params = {**scope.summed(), "voice": voice, "terms": [int(term) for term in terms]}
    return TermCountsByMonth(**archive.columns(TERM_COUNTS_BY_MONTH, params))


def term_people(archive: Archive, scope: Scope, terms: Sequence[int]) -> TermPeople:
    """How many different people used each of these terms in scope."""
    params = {**scope.params(), "terms": [int(term) for term in terms]}
    return TermPeople(**archive.columns(TERM_PEOPLE, params))


def totals(archive: Archive, scope: Scope) -> Totals:
    """How much was read in scope on both sides, and what was left out."""
    posts = archive.rows(PostTotals, TOTALS, scope.params())[0]
    passages = archive.rows(PassageTotals, PASSAGE_TOTALS, scope.params())[0]
    return Totals(
        **vars(posts),
        **vars(passages),
        left_out_own=posts.own_posts,
        brand_words=passages.passage_words + posts.own_post_words,
    )


def sample_documents(archive: Archive, scope: Scope, limit: int = 20_000) -> Documents:
    """The terms of customers' posts: all of them, or a fixed random draw of `limit`."""
    return flat_lists(archive.table(SAMPLE_DOCUMENTS, {**scope.params(), "limit": limit}))


def brand_documents(archive: Archive, scope: Scope) -> Documents:
    """The terms of the brand's passages and own posts."""
    return flat_lists(archive.table(BRAND_DOCUMENTS, scope.params()))


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


def flat_lists(table: pa.Table) -> Documents:
    """The column `terms` of a table as flat term ids with offsets."""
    lists = table["terms"].combine_chunks()
    if isinstance(lists, pa.ChunkedArray):
        lists = pa.concat_arrays(lists.chunks) if lists.num_chunks else pa.array([], lists.type)
    lengths = lists.value_lengths().to_numpy(zero_copy_only=False)
    offsets = np.concatenate(([0], np.cumsum(lengths, dtype=np.int64)))
    return Documents(offsets, lists.flatten().to_numpy(zero_copy_only=False))
