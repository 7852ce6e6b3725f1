"""Counting the cases of the last hour, and of the same hour in each of the weeks before."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
from django.db.models import Min
from django.utils import timezone

from openroads.analysis.inbox_bursts import WEEKS, Loud, loud
from openroads.directory.company import Product
from openroads.webcare.models import Case, CaseEvent

HOUR = timedelta(hours=1)
LEAST_WEEKS = 4
"""With fewer weeks of cases nobody knows what is usual."""


@dataclass(frozen=True, slots=True)
class Series:
    """What is counted: everything, the cases about a product, or those of a kind (a question, a complaint)."""

    product: int | None = None
    kind: str = ""

    def holds(self, product: int | None, kind: str) -> bool:
        return self.product in (None, product) and self.kind in ("", kind)


EVERYTHING = Series()


@dataclass(frozen=True, slots=True)
class Burst:
    """A series that is loud: since when it was counted, how many cases, how many were expected, and of
    which kinds they are."""

    series: Series
    since: datetime
    until: datetime
    cases: int
    expected: float
    kinds: tuple[tuple[str, int], ...]


def bursts(now: datetime) -> list[Burst]:
    """The series that are loud in the hour up to `now`, the least likely first."""
    hours = hours_before(now)
    if len(hours) <= LEAST_WEEKS:
        return []
    opened = [_opened(since, until) for since, until in hours]
    series = _series(opened[0])
    counts = np.array([[sum(one.holds(*case) for case in week) for week in opened] for one in series], np.float64)  # fmt: skip
    found = loud([int(n) for n in counts[:, 0]], counts[:, 1:])
    return [_burst(one, series[one.series], opened[0], hours[0]) for one in found]


def hours_before(now: datetime) -> list[tuple[datetime, datetime]]:
    """The last hour, and the same hour of the week by the clock of the house in each week before, as far
    as there were cases at all."""
    first = CaseEvent.objects.filter(type=CaseEvent.Type.OPENED).aggregate(at=Min("at"))["at"]
    local, found = timezone.localtime(now), []
    for week in range(WEEKS + 1):
        clock = local.replace(tzinfo=None) - timedelta(weeks=week)
        # By the clock on the wall: an hour that does not exist on that day is the one after it.
        until = now if not week else clock.replace(tzinfo=local.tzinfo, fold=0)
        if first is None or until - HOUR < first:
            break
        found.append((until - HOUR, until))
    return found


def _opened(since: datetime, until: datetime) -> list[tuple[int | None, str]]:
    """Product and kind of every case that people opened in a stretch (since, until]; spam is nobody's
    question."""
    rows = CaseEvent.objects.filter(type=CaseEvent.Type.OPENED, at__gt=since, at__lte=until)
    rows = rows.exclude(case__ending=Case.Ending.SPAM)
    return list(rows.values_list("case__product", "case__intent"))


def _series(now: Sequence[tuple[int | None, str]]) -> list[Series]:
    """Everything, and each product and kind of which something came in now: others cannot be loud."""
    known = set(Product.objects.values_list("pk", flat=True))
    products = sorted({product for product, _kind in now if product in known and product})
    kinds = sorted({kind for _product, kind in now if kind})
    return [EVERYTHING, *(Series(product=one) for one in products), *(Series(kind=one) for one in kinds)]  # fmt: skip


def _burst(
    found: Loud, series: Series, opened: Sequence[tuple[int | None, str]], hour: tuple[datetime, datetime]
) -> Burst:  # fmt: skip
    kinds = Counter(kind for product, kind in opened if series.holds(product, kind) and kind)
    return Burst(series, *hour, found.cases, found.expected, tuple(kinds.most_common()))
