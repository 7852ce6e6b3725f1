"""What a gap is set beside: its last twelve months, the year before, each product. Knows no database."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import date, timedelta

from openroads.analysis.gap import Score
from openroads.analysis.gap_views import GapPoint
from openroads.archive.client import Archive
from openroads.archive.queries import gap as asking
from openroads.archive.queries.documents import dated_brand_documents
from openroads.archive.queries.timeline import month_starts
from openroads.archive.queries.totals import volume
from openroads.archive.scope import Scope
from openroads.listening.gap_counting import Ids, Ours
from openroads.listening.gap_scores import Compared

YEAR = timedelta(weeks=52)
AT_ONCE = 4
"""Questions asked side by side; the archive keeps as many readers."""


@dataclass(frozen=True)
class Beside:
    """The months up to the gap's last day, its score a year ago, and its products. Empty where there is
    no gap."""

    months: tuple[GapPoint, ...] = ()
    year_ago: Score | None = None
    products: tuple[tuple[int, GapPoint], ...] = ()


@dataclass(frozen=True)
class DaysBeside:
    """The days of the months and of the year before."""

    past: Scope
    year: Scope

    @property
    def since(self) -> date:
        """The first day of either."""
        return min(self.past.since, self.year.since)


def days_beside(scope: Scope) -> DaysBeside:
    """The days that are set beside those of a scope."""
    past = replace(scope, since=scope.since - YEAR, until=scope.until - YEAR)
    return DaysBeside(past, replace(scope, since=_months_back(scope.until - timedelta(days=1), 11)))


def read_beside(archive: Archive, scope: Scope, vocabulary: Ids, products: Sequence[int]) -> Beside:
    """The twelve months of a gap, the same period a year ago, and each of the `products` of its brand
    (none where the scope is about every brand), over the words of its own score (`vocabulary`; none:
    there is no gap)."""
    if not len(vocabulary):
        return Beside()
    days = days_beside(scope)
    long = replace(scope, since=days.since)
    of_brand = products if scope.brand else ()
    words = vocabulary.tolist()
    cuts = [*month_starts(days.year.since, days.year.until), days.past.since, days.past.until]
    with ThreadPoolExecutor(AT_ONCE) as asked:
        stretches = asked.submit(asking.docs_by_stretch, archive, long, cuts, words)
        each = asked.submit(asking.docs_by_product, archive, scope, of_brand, words)
        own = asked.submit(dated_brand_documents, archive, replace(long, products=()))
        compared = Compared(Ours(own.result()), vocabulary, volume(archive, long, of_brand))
        found = stretches.result()
        months = compared.months(days.year, found)
        before = compared.point(days.past, found.between(days.past.since, days.past.until)).score
        return Beside(
            months,
            before,
            tuple(
                (product, compared.product(scope, product, each.result())) for product in of_brand
            ),
        )


def _months_back(day: date, months: int) -> date:
    """The first of the month that many months before the month of `day`."""
    count = day.year * 12 + day.month - 1 - months
    return date(count // 12, count % 12 + 1, 1)
