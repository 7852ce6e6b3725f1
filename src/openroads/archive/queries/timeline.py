"""Over time: a term by week, the brand's words with their dates, and whether anything changed at all."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from openroads.archive.client import Archive
from openroads.archive.queries.gap import AT_RAGGED_EDGES, IN_WHOLE_PERIODS, Documents, flat_lists
from openroads.archive.scope import COUNTED, IN_SCOPE, VALID_IN_SCOPE, Scope

WEEKS_OF_TERM = f"""
SELECT week, toInt64(sum(n)) AS posts
FROM (
    SELECT toMonday(period) AS week, sum(docs) AS n
    FROM term_period WHERE {IN_WHOLE_PERIODS} AND term = {{term:UInt32}} GROUP BY week
    UNION ALL
    SELECT toMonday(toDate(published_at)) AS week, toInt64(count()) AS n
    FROM post FINAL
    WHERE {AT_RAGGED_EDGES} AND {IN_SCOPE} AND {COUNTED} AND voice = {{voice:String}}
      AND has(terms, {{term:UInt32}})
    GROUP BY week
)
GROUP BY week HAVING posts > 0 ORDER BY week
"""

DATED_BRAND_DOCUMENTS = f"""
SELECT terms, mood, products, since, until FROM (
    SELECT terms, mood, products, valid_from AS since,
           ifNull(valid_to, toDate('2149-06-06')) AS until
    FROM passage FINAL WHERE {VALID_IN_SCOPE}
    UNION ALL
    SELECT terms, mood, products, toDate(published_at) AS since, toDate(published_at) + 1 AS until
    FROM post FINAL WHERE {IN_SCOPE} AND {COUNTED} AND voice = 'brand'
)
"""

POSTS_BY_MONTH = """
SELECT toStartOfMonth(day) AS month, toInt64(sum(volume_day.posts)) AS posts
FROM volume_day
WHERE day >= {since:Date} AND day < {until:Date} AND voice = 'customer'
  AND brand = {brand:UInt16} AND product = {product:UInt16}
  AND (empty({languages:Array(String)}) OR has({languages:Array(String)}, language))
GROUP BY month ORDER BY month
"""

# Each insert gets the next block number of its month, and a deletion is the fifth figure in the names
# of the files it touched (month_first_last_level_deletion); merging files keeps both. So this changes when, and only when, something was written or removed.
REVISION = """
SELECT groupBitXorIf(state, name != 'passage') AS sums,
       groupBitXorIf(state, name = 'passage') AS texts
FROM (
    SELECT table AS name,
           cityHash64(table, partition, max(max_block_number),
                      max(toUInt64OrZero(splitByChar('_', parts.name)[5]))) AS state
    FROM system.parts
    WHERE active AND database = currentDatabase()
      AND table IN ('post', 'passage', 'term_period', 'volume_day')
    GROUP BY table, partition
)
"""


@dataclass(frozen=True)
class WeekRow:
    """Posts that use a term in the week that begins on Monday `week`."""

    week: date
    posts: int


@dataclass(frozen=True)
class MonthRow:
    """Customers' posts in the month that begins on `month`."""

    month: date
    posts: int


@dataclass(frozen=True)
class DatedDocuments:
    """The brand's passages and own posts with the days they stood (from `since`, up to but not on
    `until`), their mood (1, 0, -1, -128 unknown) and the products each is about."""

    documents: Documents
    mood: NDArray[np.int8]
    products: tuple[frozenset[int], ...]
    since: NDArray[np.datetime64]
    until: NDArray[np.datetime64]


@dataclass(frozen=True)
class Revision:
    """Changes with every batch that changed anything; equal revisions give equal answers."""

    sums: int
    texts: int

    def __str__(self) -> str:
        return f"{self.sums}.{self.texts}"


def weeks_of_term(archive: Archive, scope: Scope, term: int) -> list[WeekRow]:
    """Customers' posts a week that use a term; weeks without are left out."""
    params = {**scope.summed(), "voice": "customer", "term": int(term)}
    return archive.rows(WeekRow, WEEKS_OF_TERM, params)


def dated_brand_documents(archive: Archive, scope: Scope) -> DatedDocuments:
    """Everything the brand said in scope, with the days on which it said so."""
    table = archive.table(DATED_BRAND_DOCUMENTS, scope.params())
    return DatedDocuments(
        flat_lists(table),
        table["mood"].to_numpy(),
        tuple(frozenset(row) for row in table["products"].to_pylist()),
        table["since"].to_numpy().astype("datetime64[D]"),
        table["until"].to_numpy().astype("datetime64[D]"),
    )


def posts_by_month(archive: Archive, scope: Scope) -> list[MonthRow]:
    """Customers' posts per calendar month of the scope, from the sums (one product at most)."""
    return archive.rows(MonthRow, POSTS_BY_MONTH, scope.summed())


def revision(archive: Archive) -> Revision:
    """Where the archive stands."""
    return archive.rows(Revision, REVISION, {})[0]


def month_starts(since: date, until: date) -> Sequence[date]:
    """The first day of each calendar month that touches [since, until)."""
    months, month = [], since.replace(day=1)
    while month < until:
        months.append(month)
        month = (month.replace(day=28) + _FIVE_DAYS).replace(day=1)
    return months


_FIVE_DAYS = np.timedelta64(5, "D").item()
