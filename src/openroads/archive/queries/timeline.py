"""Over time: a term by week, the months of a period, and whether anything changed at all."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from openroads.archive.client import Archive
from openroads.archive.queries.gap import AT_RAGGED_EDGES, IN_WHOLE_PERIODS
from openroads.archive.scope import IN_SCOPE_BY_DAY, Scope

WEEKS_OF_TERM = f"""
SELECT week, toInt64(sum(n)) AS posts
FROM (
    SELECT toMonday(period) AS week, sum(docs) AS n
    FROM term_period WHERE {IN_WHOLE_PERIODS} AND term = {{term:UInt32}} GROUP BY week
    UNION ALL
    SELECT toMonday(day) AS week, sum(sign) AS n
    FROM counted_post
    WHERE {AT_RAGGED_EDGES} AND {IN_SCOPE_BY_DAY} AND voice = {{voice:String}}
      AND has(terms, {{term:UInt32}})
    GROUP BY week
)
GROUP BY week HAVING posts > 0 ORDER BY week
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


def revision(archive: Archive) -> Revision:
    """Where the archive stands. The engine is asked only when something was written since: a page asks
    this up to five times, 4 ms each. A server is always asked, since others write in it too."""
    writes = (
        archive.writes
    )  # looked at before the engine is: what is written meanwhile counts as later
    if not archive.on_server and archive.stands is not None and archive.stands[0] == writes:
        seen = archive.stands[1]
        assert isinstance(seen, Revision)
        return seen
    found = archive.rows(Revision, REVISION, {})[0]
    archive.stands = (writes, found)
    return found


def month_starts(since: date, until: date) -> Sequence[date]:
    """The first day of each calendar month that touches [since, until)."""
    months, month = [], since.replace(day=1)
    while month < until:
        months.append(month)
        month = (month.replace(day=28) + _FIVE_DAYS).replace(day=1)
    return months


_FIVE_DAYS = timedelta(days=5)
